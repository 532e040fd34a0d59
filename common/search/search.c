/* search.c - see search.h. */
#include "search.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/monotonic.h"
#include "base/translate.h"
#include "search/crew.h"
#include "search/frontier.h"

#define TELL_NS    INT64_C(60000000000) /* for one run; more than any run needs */
#define SHORTEN_NS INT64_C(3000000000)  /* for shortening one schedule */
#define REPEATS    3

struct search {
	const struct search_options *options;
	struct search_result *result;
	struct crew *crew;
	struct frontier frontier;
	struct frontier_item items[CREW_MAX]; /* what each worker runs */
	bool is_item[CREW_MAX];               /* false: the run does not come from the frontier */
	int64_t begin_ns, end_ns;
	uint64_t seeds; /* used for runs that do not come from the frontier */
	bool is_over;
	bool is_telling; /* the search is over, and what it found is run again */
};

/* ---- findings ------------------------------------------------------------------------------- */

static struct finding *find(struct search_result *result, uint64_t signature)
{
	for (size_t i = 0; i < result->finding_count; i++)
		if (result->findings[i].fault.signature == signature)
			return &result->findings[i];
	return NULL;
}

/* Keeps the schedule of a run, up to the decision that led to the fault. */
static void copy_way(struct finding *finding, const struct report *report, struct aside found,
	uint32_t cost)
{
	struct decision *decisions = calloc(found.count + 1, sizeof(*decisions));
	uint32_t *identities = calloc(found.count + 1, sizeof(*identities));

	if (decisions == NULL || identities == NULL) {
		free(decisions);
		free(identities);
		return;
	}
	free(finding->decisions);
	free(finding->identities);
	for (uint32_t i = 0; i < found.count; i++) {
		decisions[i] = report->nodes[i].decision;
		identities[i] = report->nodes[i].identity;
	}
	finding->decisions = decisions;
	finding->identities = identities;
	finding->count = found.count;
	finding->cost = cost;
	finding->fault = found.fault;
	finding->was_killed = report->was_killed;
}

static void note_fault(struct search *search, const struct report *report, struct aside found,
	uint32_t cost)
{
	struct search_result *result = search->result;
	struct finding *finding = find(result, found.fault.signature);

	if (finding == NULL && result->finding_count < SEARCH_FINDINGS) {
		int64_t soon = monotonic_ns() + search->options->shorten_ns;

		finding = &result->findings[result->finding_count++];
		*finding = (struct finding){.count = UINT32_MAX};
		if (result->finding_count == 1 && soon < search->end_ns)
			search->end_ns = soon;
	}
	if (finding != NULL && found.count < finding->count)
		copy_way(finding, report, found, cost);
}

/* The fault that ended a run, and after which decision. */
static struct aside end_of(const struct report *report)
{
	return (struct aside){report->fault, report->count};
}

static void note_faults(struct search *search, const struct report *report, uint32_t cost)
{
	for (uint32_t i = 0; i < report->aside_count; i++)
		note_fault(search, report, report->asides[i], cost);
	if (report->outcome == OUTCOME_FAULT)
		note_fault(search, report, end_of(report), cost);
}

/* ---- runs ----------------------------------------------------------------------------------- */

static void give_up(struct search *search, const char *reason)
{
	if (search->result->reason[0] == '\0')
		snprintf(search->result->reason, sizeof(search->result->reason), "%s", reason);
	search->is_over = true;
}

static void absorb(struct search *search, unsigned worker)
{
	const struct report *report = crew_report(search->crew, worker);
	struct search_result *result = search->result;
	bool is_item = search->is_item[worker];

	result->runs++;
	result->random_runs += !is_item;
	result->steps += report->count;
	result->has_calls |= report->has_calls;
	result->shares_otherwise |= report->shares_otherwise;
	result->reads_input |= report->reads_input;
	if (report->count > result->longest)
		result->longest = report->count;
	if (report->outcome != OUTCOME_UNJUDGED && report->outcome != OUTCOME_DIVERGED)
		note_faults(search, report, is_item ? search->items[worker].cost : UINT32_MAX);
	switch (report->outcome) {
	case OUTCOME_UNJUDGED: give_up(search, report->reason); break;
	case OUTCOME_LIMIT: result->cut += search->options->shorter_than == 0; break;
	case OUTCOME_FAULT:
	case OUTCOME_REDUNDANT: break;
	case OUTCOME_DIVERGED:
		if (result->diverged++ == 0 && result->reason[0] == '\0')
			snprintf(result->reason, sizeof(result->reason), "%s", report->reason);
		break;
	case OUTCOME_ENDED: break;
	}
	if (is_item)
		frontier_add(&search->frontier, &search->items[worker], report);
}

/* Waits for one worker. false: the time is up, or no worker is busy. */
static bool await(struct search *search, int64_t end_ns)
{
	int64_t left = end_ns - monotonic_ns();
	int worker;

	if (crew_busy(search->crew) == 0)
		return false;
	worker = crew_wait(search->crew, left > 0 ? left : 0, search->options->interrupt);
	if (worker >= 0)
		absorb(search, (unsigned)worker);
	else if (worker == -2)
		give_up(search, _("a worker ended: this is a bug in the checker, not in the "
				  "programs"));
	else if (monotonic_ns() < end_ns)
		search->is_over = search->result->is_interrupted = true;
	return worker >= 0;
}

static void set_job(const struct search *search, struct job *job, enum job_policy policy)
{
	job->policy = policy;
	job->is_told = false;
	job->wanted = 0;
	job->kills = search->options->kills;
	job->limit = search->options->steps;
	if (search->options->shorter_than > 0 && !search->is_telling)
		job->limit = search->options->shorter_than - 1;
}

/* Starts a run that does not come from the frontier. */
static void start_other(struct search *search, unsigned worker, enum job_policy policy)
{
	struct job *job = crew_job(search->crew, worker);

	set_job(search, job, policy);
	job->count = 0;
	job->sleep = 0;
	job->reduces = false;
	job->seed = search->options->seed + ++search->seeds;
	search->is_item[worker] = false;
	crew_start(search->crew, worker);
}

/* Gives each idle worker a schedule whose cost is at most `cost`. */
static void start_items(struct search *search, uint32_t cost)
{
	int worker;

	while ((worker = crew_idle(search->crew)) >= 0 &&
		frontier_cost(&search->frontier) <= cost) {
		struct job *job = crew_job(search->crew, (unsigned)worker);

		frontier_take(&search->frontier, &search->items[worker], job);
		set_job(search, job, JOB_STRAIGHT);
		search->is_item[worker] = true;
		crew_start(search->crew, (unsigned)worker);
	}
}

static bool is_late(const struct search *search)
{
	return search->is_over || monotonic_ns() >= search->end_ns;
}

/* Runs all schedules of at most this cost. false: the time was too short. */
static bool exhaust(struct search *search, uint32_t cost, int64_t end_ns)
{
	while (!is_late(search) && monotonic_ns() < end_ns) {
		start_items(search, cost);
		if (!await(search, end_ns < search->end_ns ? end_ns : search->end_ns))
			break;
	}
	return crew_busy(search->crew) == 0 && frontier_cost(&search->frontier) > cost &&
	       !search->frontier.is_full && !search->is_over;
}

/* Waits for the runs in progress; each ends by itself. */
static void drain(struct search *search)
{
	while (crew_busy(search->crew) > 0 && await(search, monotonic_ns() + TELL_NS))
		continue;
}

static void search_randomly(struct search *search)
{
	while (!is_late(search)) {
		int worker;

		while ((worker = crew_idle(search->crew)) >= 0)
			start_other(search, (unsigned)worker, JOB_RANDOM);
		if (!await(search, search->end_ns))
			break;
	}
}

/* Runs all schedules that are short enough, the shortest first. */
static enum search_extent search_shorter(struct search *search)
{
	search->result->shorter_than = search->options->shorter_than;
	search->frontier.by_length = true;
	return exhaust(search, UINT32_MAX - 1, search->end_ns) ? EXTENT_SHORTER : EXTENT_PART;
}

/* Runs the stages of the search until one of them has covered everything. */
static enum search_extent search_all(struct search *search)
{
	struct search_result *result = search->result;
	int64_t half;

	if (search->options->shorter_than > 0)
		return search_shorter(search);
	/*
	 * First one run in which actors take turns: it shows at once what needs many turns, such as
	 * starvation.
	 */
	start_other(search, (unsigned)crew_idle(search->crew), JOB_TURNS);
	for (unsigned cost = 0; cost <= search->options->preemptions; cost++) {
		if (!exhaust(search, cost, search->end_ns))
			return cost > 0 ? EXTENT_PREEMPTIONS : EXTENT_PART;
		result->preemptions = cost;
		if (frontier_cost(&search->frontier) == UINT32_MAX)
			return EXTENT_ALL;
	}
	if (search->options->bounded_only || is_late(search))
		return EXTENT_PREEMPTIONS;
	frontier_end(&search->frontier);
	frontier_begin(&search->frontier, true);
	half = monotonic_ns() + (search->end_ns - monotonic_ns()) / 2;
	if (exhaust(search, 0, half))
		return EXTENT_EQUIVALENT;
	search_randomly(search);
	return EXTENT_PREEMPTIONS;
}

/* ---- shortening and telling ----------------------------------------------------------------- */

/*
 * Runs one schedule and waits for its report. `wanted`: job->wanted. NULL: the worker was lost.
 */
static const struct report *run_one(struct search *search, const struct decision *decisions,
	const uint32_t *identities, uint32_t count, bool is_told, uint64_t wanted)
{
	struct job *job = crew_job(search->crew, 0);

	set_job(search, job, JOB_STRAIGHT);
	job->count = count;
	job->sleep = 0;
	job->reduces = false;
	job->is_told = is_told;
	job->wanted = wanted;
	if (count > 0) {
		memcpy(job->prefix, decisions, count * sizeof(decisions[0]));
		memcpy(job->identities, identities, count * sizeof(identities[0]));
	}
	crew_start(search->crew, 0);
	return crew_wait(search->crew, TELL_NS, -1) == 0 ? crew_report(search->crew, 0) : NULL;
}

/* True if a run has shown this fault. */
static bool has_shown(const struct report *report, const struct finding *finding,
	struct aside *found)
{
	*found = end_of(report);
	if (report->outcome == OUTCOME_FAULT && report->fault.signature == finding->fault.signature)
		return true;
	for (uint32_t i = 0; i < report->aside_count; i++) {
		*found = report->asides[i];
		if (found->fault.signature == finding->fault.signature)
			return true;
	}
	return false;
}

/* True if the schedule still leads to the fault, and sooner, without the step at `at`. */
static bool leave_out(struct search *search, struct finding *finding, uint32_t at)
{
	struct decision decisions[DECISIONS_MAX];
	uint32_t identities[DECISIONS_MAX], count = 0;
	const struct report *report;
	struct aside found;

	for (uint32_t i = 0; i < finding->count; i++) {
		if (i == at)
			continue;
		decisions[count] = finding->decisions[i];
		identities[count++] = finding->identities[i];
	}
	report = run_one(search, decisions, identities, count, false, 0);
	search->result->runs++;
	if (report == NULL || !has_shown(report, finding, &found) || found.count >= finding->count)
		return false;
	copy_way(finding, report, found, finding->cost);
	return true;
}

static void shorten(struct search *search, struct finding *finding)
{
	int64_t end = monotonic_ns() + SHORTEN_NS;

	for (uint32_t at = finding->count; at > 0 && monotonic_ns() < end; at--)
		if (at <= finding->count)
			leave_out(search, finding, at - 1);
}

static void tell(struct search *search, struct finding *finding)
{
	for (int i = 0; i < REPEATS && !finding->is_reproduced; i++) {
		const struct report *report = run_one(search, finding->decisions,
			finding->identities, finding->count, true, finding->fault.signature);

		if (report == NULL) {
			give_up(search, _("a worker ended"));
			return;
		}
		if (report->outcome == OUTCOME_UNJUDGED) {
			give_up(search, report->reason);
			return;
		}
		free(finding->text);
		finding->text = strdup(report->text);
		finding->is_reproduced = report->outcome == OUTCOME_FAULT &&
					 report->fault.signature == finding->fault.signature;
	}
}

/* ---- the search ----------------------------------------------------------------------------- */

static bool begin(struct search *search, struct search_result *result,
	const struct search_options *options)
{
	memset(result, 0, sizeof(*result));
	result->preemptions = UINT32_MAX;
	result->extent = EXTENT_PART;
	*search = (struct search){.options = options, .result = result, .begin_ns = monotonic_ns()};
	search->end_ns = search->begin_ns + options->time_ns;
	if (!crew_create(&search->crew, &options->execution, options->workers, result->reason))
		return false;
	result->is_apart = crew_is_apart(search->crew);
	return true;
}

void search_run(struct search_result *result, const struct search_options *options)
{
	struct search search;

	if (!begin(&search, result, options))
		return;
	frontier_begin(&search.frontier, false);
	result->extent = search_all(&search);
	drain(&search);
	frontier_end(&search.frontier);
	search.is_telling = true;
	for (size_t i = 0; i < result->finding_count && !result->is_interrupted; i++) {
		shorten(&search, &result->findings[i]);
		tell(&search, &result->findings[i]);
	}
	crew_destroy(search.crew);
	result->took_ns = monotonic_ns() - search.begin_ns;
}

void search_replay(struct search_result *result, const struct search_options *options,
	const struct decision *decisions, const uint32_t *identities, uint32_t count)
{
	struct search search;
	const struct report *report;
	struct finding *finding = &result->findings[0];

	if (!begin(&search, result, options))
		return;
	report = run_one(&search, decisions, identities, count, true, 0);
	if (report == NULL) {
		snprintf(result->reason, sizeof(result->reason), _("a worker ended"));
	} else {
		snprintf(result->reason, sizeof(result->reason), "%s", report->reason);
		result->diverged = report->outcome == OUTCOME_DIVERGED;
		result->cut = report->outcome == OUTCOME_LIMIT;
		result->finding_count = 1;
		copy_way(finding, report, end_of(report), UINT32_MAX);
		finding->text = strdup(report->text);
		finding->is_reproduced = true;
	}
	crew_destroy(search.crew);
	result->took_ns = monotonic_ns() - search.begin_ns;
}

void search_end(struct search_result *result)
{
	for (size_t i = 0; i < result->finding_count; i++) {
		free(result->findings[i].decisions);
		free(result->findings[i].identities);
		free(result->findings[i].text);
	}
	result->finding_count = 0;
}
