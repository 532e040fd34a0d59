/* frontier.c - see frontier.h. */
#include "frontier.h"

#include <stdlib.h>
#include <string.h>

#include "base/grow.h"

#define NODES_MAX (64u << 20)

/* ---- the heap ------------------------------------------------------------------------------- */

static bool comes_before(const struct frontier_item *one, const struct frontier_item *other)
{
	if (one->cost != other->cost)
		return one->cost < other->cost;
	if (one->length != other->length)
		return one->length < other->length;
	return one->node < other->node;
}

static void push(struct frontier *frontier, struct frontier_item item)
{
	size_t at = frontier->count;
	struct frontier_item *heap = grow_array(frontier->heap, frontier->count, sizeof(*heap));

	if (heap == NULL) {
		frontier->is_full = true;
		return;
	}
	frontier->heap = heap;
	frontier->count++;
	while (at > 0 && comes_before(&item, &heap[(at - 1) / 2])) {
		heap[at] = heap[(at - 1) / 2];
		at = (at - 1) / 2;
	}
	heap[at] = item;
}

static struct frontier_item pop(struct frontier *frontier)
{
	struct frontier_item first = frontier->heap[0], last = frontier->heap[--frontier->count];
	size_t at = 0, child;

	while ((child = 2 * at + 1) < frontier->count) {
		if (child + 1 < frontier->count &&
			comes_before(&frontier->heap[child + 1], &frontier->heap[child]))
			child++;
		if (!comes_before(&frontier->heap[child], &last))
			break;
		frontier->heap[at] = frontier->heap[child];
		at = child;
	}
	frontier->heap[at] = last;
	return first;
}

/* ---- what was seen -------------------------------------------------------------------------- */

static struct frontier_seen *find(const struct frontier *frontier, uint64_t fingerprint)
{
	size_t mask = frontier->seen_room - 1, at = (size_t)fingerprint & mask;

	while (frontier->seen[at].fingerprint != 0 && frontier->seen[at].fingerprint != fingerprint)
		at = (at + 1) & mask;
	return &frontier->seen[at];
}

static bool grow_seen(struct frontier *frontier)
{
	struct frontier_seen *old = frontier->seen;
	size_t count = frontier->seen_room;

	if (2 * frontier->seen_count < frontier->seen_room)
		return true;
	frontier->seen_room = count > 0 ? 2 * count : 1024;
	frontier->seen = calloc(frontier->seen_room, sizeof(*old));
	if (frontier->seen == NULL) {
		frontier->seen = old;
		frontier->seen_room = count;
		return false;
	}
	for (size_t i = 0; i < count; i++)
		if (old[i].fingerprint != 0)
			*find(frontier, old[i].fingerprint) = old[i];
	free(old);
	return true;
}

/* True if this state was reached before at no higher cost. Records this visit. */
static bool was_seen(struct frontier *frontier, uint64_t fingerprint, uint32_t cost)
{
	struct frontier_seen *seen;

	if (fingerprint == 0 || !grow_seen(frontier))
		return false;
	seen = find(frontier, fingerprint);
	if (seen->fingerprint != 0 && seen->cost <= cost)
		return true;
	frontier->seen_count += seen->fingerprint == 0;
	*seen = (struct frontier_seen){fingerprint, cost};
	return false;
}

/* ---- schedules ------------------------------------------------------------------------------ */

/* Returns the number of the new node; 0: there is no room. */
static uint32_t add_node(struct frontier *frontier, uint32_t parent, struct decision decision,
	uint32_t identity)
{
	struct frontier_node *nodes = NULL;

	if (frontier->node_count < NODES_MAX)
		nodes = grow_array(frontier->nodes, frontier->node_count, sizeof(*nodes));
	if (nodes == NULL) {
		frontier->is_full = true;
		return 0;
	}
	nodes[frontier->node_count] = (struct frontier_node){parent, decision, identity};
	frontier->nodes = nodes;
	return (uint32_t)frontier->node_count++;
}

void frontier_begin(struct frontier *frontier, bool reduces)
{
	*frontier = (struct frontier){.reduces = reduces};
	add_node(frontier, 0, (struct decision){0}, 0);
	push(frontier, (struct frontier_item){0});
}

void frontier_end(struct frontier *frontier)
{
	free(frontier->nodes);
	free(frontier->heap);
	free(frontier->seen);
	*frontier = (struct frontier){0};
}

uint32_t frontier_cost(const struct frontier *frontier)
{
	return frontier->count > 0 ? frontier->heap[0].cost : UINT32_MAX;
}

bool frontier_take(struct frontier *frontier, struct frontier_item *item, struct job *job)
{
	uint32_t node;

	if (frontier->count == 0)
		return false;
	*item = pop(frontier);
	job->count = item->length;
	job->sleep = item->sleep;
	job->reduces = frontier->reduces;
	node = item->node;
	for (uint32_t at = item->length; at > 0; at--) {
		job->prefix[at - 1] = frontier->nodes[node].decision;
		job->identities[at - 1] = frontier->nodes[node].identity;
		node = frontier->nodes[node].parent;
	}
	return true;
}

static void add_branches(struct frontier *frontier, const struct frontier_item *item,
	const struct report *report, const struct node *node, uint32_t parent, uint32_t length)
{
	for (uint32_t i = 0; i < node->branch_count; i++) {
		const struct branch *branch = &report->branches[node->first_branch + i];
		uint32_t child = add_node(frontier, parent, branch->decision, branch->identity);
		uint32_t cost = item->cost + (frontier->reduces ? 0 : branch->cost);

		if (frontier->by_length)
			cost = length + 1;
		if (child != 0)
			push(frontier,
				(struct frontier_item){child, length + 1, cost, branch->sleep});
	}
}

void frontier_add(struct frontier *frontier, const struct frontier_item *item,
	const struct report *report)
{
	uint32_t parent = item->node;

	if (report->outcome == OUTCOME_DIVERGED || report->outcome == OUTCOME_UNJUDGED)
		return;
	if (report->branch_count == BRANCHES_MAX)
		frontier->is_full = true;
	for (uint32_t at = item->length; at < report->count; at++) {
		const struct node *node = &report->nodes[at];

		if (!frontier->reduces && was_seen(frontier, node->fingerprint,
						  frontier->by_length ? at : item->cost))
			return;
		if (node->branch_count > 0)
			add_branches(frontier, item, report, node, parent, at);
		parent = add_node(frontier, parent, node->decision, node->identity);
		if (parent == 0)
			return;
	}
}
