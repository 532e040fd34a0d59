/* panes.c - see panes.h. */
#include "panes.h"

#include "theme.h"

static int scaled(int logical, float scale)
{
	return (int)((float)logical * scale + 0.5f);
}

struct panes panes_make(int width, int height, float scale, unsigned parts)
{
	struct panes panes = {0};
	SDL_Rect left = {0, 0, width, height};

	if (parts & PANES_BAR) {
		int h = scaled(THEME_BAR_HEIGHT, scale);
		left.h -= h;
		panes.bar = (SDL_Rect){0, left.h, width, h};
	}
	if (parts & PANES_PANEL) {
		int w = scaled(THEME_PANEL_WIDTH, scale);
		if (left.w - w >= w / 2) {
			left.w -= w;
			panes.panel = (SDL_Rect){left.w, 0, w, left.h};
		}
	}
	if (parts & PANES_TRAY) {
		int h = scaled(THEME_TRAY_HEIGHT, scale);
		left.h -= h;
		panes.tray = (SDL_Rect){0, left.h, left.w, h};
	}
	if (left.h < 0)
		left.h = 0;
	panes.picture = left;
	return panes;
}

SDL_Rect panes_fitted(SDL_Rect pane, float scale)
{
	int space = scaled(THEME_PICTURE_SPACE, scale);

	return panes_inset(pane, space < pane.h / 10 ? space : pane.h / 10);
}

SDL_Rect panes_inset(SDL_Rect rect, int by)
{
	int x = 2 * by < rect.w ? by : rect.w / 2;
	int y = 2 * by < rect.h ? by : rect.h / 2;
	return (SDL_Rect){rect.x + x, rect.y + y, rect.w - 2 * x, rect.h - 2 * y};
}

bool panes_inside(SDL_Rect rect, int x, int y)
{
	return x >= rect.x && x < rect.x + rect.w && y >= rect.y && y < rect.y + rect.h;
}
