/*
 * gstreamer.c - GStreamer between processes: appsrc ! shmsink, and shmsrc ! appsink. shmsink copies
 * frames that are not in its own memory; the producer must not change a frame before that.
 */
#include <gst/app/gstappsink.h>
#include <gst/app/gstappsrc.h>
#include <gst/gst.h>
#include <semaphore.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <time.h>

#include "peer.h"

struct stream {
	size_t size;
	GstElement *pipeline, *end; /* `end` is appsrc or appsink */
	sem_t copied;               /* the producer's: it may change its frame again */
	GstSample *sample;          /* the consumer's */
	GstMapInfo map;
};

static void *stream_fail(struct stream *stream, GError *error)
{
	fprintf(stderr, "gstreamer: %s\n", error != NULL ? error->message : "cannot start");
	free(stream);
	return NULL;
}

static void describe(const struct peer_task *task, enum peer_side side, char *text, size_t size)
{
	if (side == PEER_PRODUCER)
		snprintf(text, size,
			"appsrc name=end block=true max-bytes=%zu ! shmsink socket-path=%s/socket "
			"shm-size=%zu wait-for-connection=true sync=false "
			"enable-last-sample=false",
			task->size, task->folder, (task->size + 4096) * task->slots);
	else
		snprintf(text, size,
			"shmsrc socket-path=%s/socket ! appsink name=end sync=false max-buffers=%u "
			"enable-last-sample=false",
			task->folder, task->slots);
}

/* shmsrc requires shmsink to exist already. */
static void wait_for_socket(const struct peer_task *task)
{
	const struct timespec nap = {.tv_nsec = 1000000};
	char path[128];
	struct stat status;

	snprintf(path, sizeof(path), "%s/socket", task->folder);
	while (stat(path, &status) != 0)
		nanosleep(&nap, NULL);
}

static void *stream_open(const struct peer_task *task, enum peer_side side)
{
	struct stream *stream = calloc(1, sizeof(*stream));
	GError *error = NULL;
	char text[512];

	if (stream == NULL || side == PEER_HOST)
		return stream;
	stream->size = task->size;
	sem_init(&stream->copied, 0, 0);
	gst_init(NULL, NULL);
	describe(task, side, text, sizeof(text));
	stream->pipeline = gst_parse_launch(text, &error);
	if (stream->pipeline == NULL || error != NULL)
		return stream_fail(stream, error);
	stream->end = gst_bin_get_by_name(GST_BIN(stream->pipeline), "end");
	if (side == PEER_CONSUMER)
		wait_for_socket(task);
	if (gst_element_set_state(stream->pipeline, GST_STATE_PLAYING) == GST_STATE_CHANGE_FAILURE)
		return stream_fail(stream, NULL);
	return stream;
}

static void stream_close(void *self, enum peer_side side)
{
	struct stream *stream = self;

	if (side == PEER_PRODUCER) { /* until the consumer has read the last frames */
		gst_app_src_end_of_stream(GST_APP_SRC(stream->end));
		gst_message_unref(gst_bus_timed_pop_filtered(gst_element_get_bus(stream->pipeline),
			GST_CLOCK_TIME_NONE, GST_MESSAGE_EOS | GST_MESSAGE_ERROR));
	}
	if (stream->pipeline != NULL) {
		gst_element_set_state(stream->pipeline, GST_STATE_NULL);
		gst_object_unref(stream->end);
		gst_object_unref(stream->pipeline);
	}
	free(stream);
}

static void is_copied(void *data)
{
	sem_post(data);
}

static bool stream_send(void *self, const void *frame)
{
	struct stream *stream = self;
	GstBuffer *buffer =
		gst_buffer_new_wrapped_full(GST_MEMORY_FLAG_READONLY, (void *)(uintptr_t)frame,
			stream->size, 0, stream->size, &stream->copied, is_copied);

	if (gst_app_src_push_buffer(GST_APP_SRC(stream->end), buffer) != GST_FLOW_OK)
		return false;
	return sem_wait(&stream->copied) == 0;
}

static const void *stream_take(void *self)
{
	struct stream *stream = self;

	stream->sample = gst_app_sink_pull_sample(GST_APP_SINK(stream->end));
	if (stream->sample == NULL ||
		!gst_buffer_map(gst_sample_get_buffer(stream->sample), &stream->map, GST_MAP_READ))
		return NULL;
	return stream->map.size == stream->size ? stream->map.data : NULL;
}

static bool stream_release(void *self)
{
	struct stream *stream = self;

	gst_buffer_unmap(gst_sample_get_buffer(stream->sample), &stream->map);
	gst_sample_unref(stream->sample);
	return true;
}

const struct peer PEER_SYMBOL __attribute__((visibility("default"))) = {
	.name = "gstreamer",
	.title = "GStreamer shmsink, shmsrc",
	.open = stream_open,
	.close = stream_close,
	.send = stream_send,
	.take = stream_take,
	.release = stream_release,
};
