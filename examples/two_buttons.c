/*
 * two_buttons.c - two buttons: one puts an image into shared memory, the other shows the newest
 * image there. Start as many copies as you like; each shows the images that the others loaded, too.
 *
 *	cc -o two_buttons two_buttons.c $(pkg-config --cflags --libs vitrine sdl2 SDL2_image SDL2_ttf)
 *	./two_buttons & ./two_buttons	L loads, D displays
 *
 * It shows how to use the library: claim, write in place, publish; and find the newest image, read
 * it, and check that it has not changed.
 */
#include <SDL.h>
#include <SDL_image.h>
#include <SDL_ttf.h>
#include <stdio.h>
#include <string.h>

#include <vitrine.h>

enum { WIDTH = 560, HEIGHT = 460, BUTTONS = 2, LOAD = 0, DISPLAY = 1 };
static const char *const labels[BUTTONS] = {
	"Load Image From File…", "Display Image From Shared Memory"};
static const SDL_Keycode keys[BUTTONS] = {SDLK_l, SDLK_d};
static const SDL_Rect buttons[BUTTONS] = {{20, 16, 220, 36}, {252, 16, 288, 36}};
static const SDL_Rect place = {20, 68, 520, 344}; /* of the image */

struct dialog {
	struct vitrine_channel *producer; /* publishes */
	struct vitrine_channel *consumer; /* takes, and looks at the newest */
	SDL_Renderer *renderer;
	TTF_Font *font;
	SDL_Texture *image;
	char message[600]; /* below */
	SDL_atomic_t is_choosing;
	Uint32 chosen_event; /* data1: the path that the chooser gave */
};

/* ---- the channel --------------------------------------------------------------------------- */

/* Shows the library's message. If the channel was removed, the next press opens a new one. */
static void complain(struct dialog *dialog, int rc, const struct vitrine_channel *channel)
{
	snprintf(dialog->message, sizeof(dialog->message), "%s", vitrine_message(channel));
	if (rc != VITRINE_EREMOVED)
		return;
	vitrine_close(dialog->consumer);
	vitrine_close(dialog->producer);
	dialog->consumer = dialog->producer = NULL;
}

/* Opens one handle for each role. */
static bool is_open(struct dialog *dialog)
{
	const struct vitrine_options producer = {.role = VITRINE_PRODUCER};
	const struct vitrine_options consumer = {.role = VITRINE_CONSUMER};

	if (dialog->consumer != NULL)
		return true;
	if (vitrine_open(&dialog->producer, &producer) != VITRINE_OK)
		complain(dialog, VITRINE_EREMOVED, dialog->producer);
	else if (vitrine_open(&dialog->consumer, &consumer) != VITRINE_OK)
		complain(dialog, VITRINE_EREMOVED, dialog->consumer);
	return dialog->consumer != NULL;
}

/* Writes the image directly into a slot; this is the only copy. */
static void publish(struct dialog *dialog, const char *path, SDL_Surface *file)
{
	struct vitrine_image image;
	struct vitrine_claim claim;
	int rc = vitrine_pixels(&image, path, (uint32_t)file->w, (uint32_t)file->h, VITRINE_AR24);

	if (rc == VITRINE_OK)
		rc = vitrine_claim(dialog->producer, image.size, VITRINE_DROP_OLDEST, 1000000000,
			&claim);
	if (rc == VITRINE_OK) {
		SDL_Surface *slot = SDL_CreateRGBSurfaceWithFormatFrom(claim.data, file->w, file->h,
			32, (int)image.pitch, SDL_PIXELFORMAT_ARGB8888);
		SDL_SetSurfaceBlendMode(file, SDL_BLENDMODE_NONE); /* also copies the alpha */
		SDL_BlitSurface(file, NULL, slot, NULL);
		SDL_FreeSurface(slot);
		rc = vitrine_publish(dialog->producer, &claim, &image, VITRINE_FOREVER);
	}
	if (rc != VITRINE_OK) {
		complain(dialog, rc, dialog->producer);
		return;
	}
	snprintf(dialog->message, sizeof(dialog->message), "%s is image #%llu now", image.name,
		(unsigned long long)image.sequence);
	/*
	 * The copies only look at the newest image. So this one takes each image and gives it back:
	 * none waits, and nothing is left at the end.
	 */
	while (vitrine_take(dialog->consumer, 0, &image) == VITRINE_OK)
		vitrine_release(dialog->consumer, &image);
}

static void load(struct dialog *dialog, const char *path)
{
	SDL_Surface *file = IMG_Load(path);

	if (file == NULL)
		snprintf(dialog->message, sizeof(dialog->message), "%s", IMG_GetError());
	else if (is_open(dialog))
		publish(dialog, path, file);
	SDL_FreeSurface(file);
}

/* Makes a texture of the image in the slot. NULL: this kind of image is not shown here. */
static SDL_Texture *read_image(const struct dialog *dialog, const struct vitrine_image *image)
{
	SDL_Texture *texture = NULL;

	if (image->kind == VITRINE_PIXELS &&
		(image->format == VITRINE_XR24 || image->format == VITRINE_AR24))
		texture = SDL_CreateTexture(dialog->renderer, SDL_PIXELFORMAT_ARGB8888,
			SDL_TEXTUREACCESS_STATIC, (int)image->width, (int)image->height);
	SDL_UpdateTexture(texture, NULL, image->data, (int)image->pitch);
	return texture;
}

/* Reads the newest image; reads again if a producer wrote there in the meantime. */
static void display(struct dialog *dialog)
{
	struct vitrine_image image;

	if (!is_open(dialog))
		return;
	do {
		int rc = vitrine_latest(dialog->consumer, &image);

		if (rc != VITRINE_OK) {
			complain(dialog, rc, dialog->consumer);
			return;
		}
		SDL_DestroyTexture(dialog->image);
		dialog->image = read_image(dialog, &image);
	} while (!vitrine_unchanged(dialog->consumer, &image));
	snprintf(dialog->message, sizeof(dialog->message), "#%llu  %s  %u × %u%s",
		(unsigned long long)image.sequence, image.name, image.width, image.height,
		dialog->image != NULL ? "" : ": not a kind that this example shows");
}

/* ---- the window ---------------------------------------------------------------------------- */

/* Runs the desktop's file chooser on a separate thread; its result arrives as an event. */
static int choose(void *data)
{
	struct dialog *dialog = data;
	FILE *chooser = popen("zenity --file-selection || kdialog --getopenfilename", "r");
	char path[4096];
	SDL_Event event;

	if (chooser != NULL && fgets(path, sizeof(path), chooser) != NULL) {
		path[strcspn(path, "\n")] = '\0';
		SDL_zero(event);
		event.type = dialog->chosen_event;
		event.user.data1 = SDL_strdup(path);
		SDL_PushEvent(&event);
	}
	if (chooser != NULL)
		pclose(chooser);
	SDL_AtomicSet(&dialog->is_choosing, 0);
	return 0;
}

static void press(struct dialog *dialog, int button)
{
	if (button == DISPLAY)
		display(dialog);
	else if (SDL_AtomicCAS(&dialog->is_choosing, 0, 1))
		SDL_DetachThread(SDL_CreateThread(choose, "chooser", dialog));
}

static void write_text(const struct dialog *dialog, SDL_Rect area, const char *text)
{
	SDL_Surface *surface =
		TTF_RenderUTF8_Blended(dialog->font, text, (SDL_Color){233, 230, 223, 255});
	SDL_Texture *texture = SDL_CreateTextureFromSurface(dialog->renderer, surface);
	SDL_Rect to = area;

	SDL_QueryTexture(texture, NULL, NULL, &to.w, &to.h);
	to.x += (area.w - to.w) / 2;
	to.y += (area.h - to.h) / 2;
	SDL_RenderCopy(dialog->renderer, texture, NULL, &to);
	SDL_DestroyTexture(texture);
	SDL_FreeSurface(surface);
}

static void draw(struct dialog *dialog)
{
	int width, height;
	SDL_Rect at = place;

	SDL_SetRenderDrawColor(dialog->renderer, 0x15, 0x17, 0x1b, 255);
	SDL_RenderClear(dialog->renderer);
	SDL_SetRenderDrawColor(dialog->renderer, 0x2c, 0x30, 0x38, 255);
	for (int i = 0; i < BUTTONS; i++) {
		SDL_RenderFillRect(dialog->renderer, &buttons[i]);
		write_text(dialog, buttons[i], labels[i]);
	}
	if (SDL_QueryTexture(dialog->image, NULL, NULL, &width, &height) == 0) {
		at.w = SDL_min(place.w, width * place.h / height);
		at.h = SDL_min(place.h, height * place.w / width);
		SDL_RenderCopy(dialog->renderer, dialog->image, NULL, &at);
	}
	write_text(dialog, (SDL_Rect){20, 412, 520, 48}, dialog->message);
	SDL_RenderPresent(dialog->renderer);
}

/* False: the program should end. */
static bool obey(struct dialog *dialog, const SDL_Event *event)
{
	const SDL_Point mouse = {event->button.x, event->button.y};
	SDL_Keycode key = event->type == SDL_KEYDOWN ? event->key.keysym.sym : SDLK_UNKNOWN;

	for (int i = 0; i < BUTTONS; i++)
		if (key == keys[i] || (event->type == SDL_MOUSEBUTTONDOWN &&
					      SDL_PointInRect(&mouse, &buttons[i])))
			press(dialog, i);
	if (event->type == SDL_DROPTEXT)
		SDL_free(event->drop.file);
	if (event->type == SDL_DROPFILE) {
		load(dialog, event->drop.file);
		SDL_free(event->drop.file);
	}
	if (event->type == dialog->chosen_event) {
		load(dialog, event->user.data1);
		SDL_free(event->user.data1);
	}
	return event->type != SDL_QUIT && key != SDLK_ESCAPE;
}

int main(int argc, char **argv)
{
	struct dialog dialog = {.message = "Press L, or drop an image here; D shows the newest"};
	SDL_Window *window;
	SDL_Event event;
	char font[4096] = "";
	FILE *match = popen("fc-match -f '%{file}' sans", "r");

	if (match != NULL && fgets(font, sizeof(font), match) != NULL)
		pclose(match);
	if (SDL_Init(SDL_INIT_VIDEO) != 0 || TTF_Init() != 0 ||
		(dialog.font = TTF_OpenFont(font, 14)) == NULL ||
		SDL_CreateWindowAndRenderer(WIDTH, HEIGHT, 0, &window, &dialog.renderer) != 0) {
		fprintf(stderr, "two_buttons: %s\n", SDL_GetError());
		return 1;
	}
	SDL_SetWindowTitle(window, "two_buttons");
	dialog.chosen_event = SDL_RegisterEvents(1);
	if (is_open(&dialog) && argc > 1)
		load(&dialog, argv[1]);
	for (draw(&dialog); SDL_WaitEvent(&event) && obey(&dialog, &event); draw(&dialog))
		;
	vitrine_close(dialog.consumer);
	vitrine_close(dialog.producer);
	TTF_CloseFont(dialog.font);
	TTF_Quit();
	SDL_DestroyRenderer(dialog.renderer);
	SDL_DestroyWindow(window);
	return 0;
}
