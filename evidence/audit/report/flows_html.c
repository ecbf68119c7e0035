/* SPDX-License-Identifier: Apache-2.0 */
/* The page of flows: tables first, then the same numbers as a picture. It holds no script and asks for nothing from
 * anywhere. */
#include "evidence/audit/report/flows.h"

#include "evidence/audit/base/words.h"

#include <inttypes.h>
#include <stdlib.h>

#define WIDTH    900.0
#define BAR      16.0
#define LEFT     200.0
#define RIGHT    (WIDTH - 200.0)
#define TOP      20.0
#define GAP      18.0
#define THINNEST 16.0 /* so that the number beside it can be read */
#define THICKEST 48.0

static const char head[] =
	"<!DOCTYPE html>\n<html lang=\"en-GB\">\n<head>\n<meta charset=\"utf-8\">\n"
	"<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
	"<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">\n"
	"<title>Flows: declared and observed</title>\n<style>\n"
	"body{font:1rem/1.5 sans-serif;max-width:70rem;margin:2rem auto;padding:0 1rem;color:#111;background:#fff}\n"
	"table{border-collapse:collapse;margin:1rem 0;width:100%}caption{text-align:left;font-weight:bold}\n"
	"th,td{text-align:left;vertical-align:top;padding:.3rem .6rem;border-bottom:1px solid #666}\n"
	".n{text-align:right;font-variant-numeric:tabular-nums}svg{max-width:100%;height:auto}\n"
	"</style>\n</head>\n<body>\n<main>\n<h1>Flows: declared and observed</h1>\n";

static const struct told_sheet_column pair_columns[] = {
	{"from", "From", false},
	{"to", "To", false},
	{"sent", "Parts sent", true},
	{"differing", "Of these, not declared", true},
};

/* ---- the picture ---- */

struct picture {
	const struct told_flow_pairs *pairs;
	uint64_t most;
	double *left, *right; /* top of each ribbon at its two ends */
	FILE *out;
};

static double thickness(const struct picture *p, size_t i)
{
	return THINNEST + (THICKEST - THINNEST) * ((double)p->pairs->items[i].sent / (double)p->most);
}

static struct told_bytes end_of(const struct picture *p, size_t i, bool to)
{
	return to ? p->pairs->items[i].to : p->pairs->items[i].from;
}

static bool drawn_before(const struct picture *p, size_t i, bool to)
{
	for (size_t k = 0; k < i; k++)
		if (told_bytes_equal(end_of(p, k, to), end_of(p, i, to)))
			return true;
	return false;
}

/* One party's bar, the places of its ribbons, its name and its sum. Gives where the bar ends. */
static double draw_party(struct picture *p, size_t first, bool to, double y)
{
	double *places = to ? p->right : p->left;
	double end = y;
	uint64_t sum = 0;
	for (size_t i = first; i < p->pairs->count; i++) {
		if (!told_bytes_equal(end_of(p, i, to), end_of(p, first, to)))
			continue;
		places[i] = end;
		end += thickness(p, i);
		sum += p->pairs->items[i].sent;
	}
	fprintf(p->out, "<rect x=\"%.1f\" y=\"%.1f\" width=\"%.1f\" height=\"%.1f\" fill=\"#1d3557\"/>\n",
		to ? RIGHT : LEFT - BAR, y, BAR, end - y);
	fprintf(p->out, "<text x=\"%.1f\" y=\"%.1f\" text-anchor=\"%s\">", to ? RIGHT + BAR + 8 : LEFT - BAR - 8,
		(y + end) / 2 + 5, to ? "start" : "end");
	told_print_html(p->out, end_of(p, first, to));
	fprintf(p->out, " %" PRIu64 "</text>\n", sum);
	return end;
}

static void draw_side(struct picture *p, bool to)
{
	double y = TOP;
	for (size_t i = 0; i < p->pairs->count; i++)
		if (!drawn_before(p, i, to))
			y = draw_party(p, i, to, y) + GAP;
}

static void draw_ribbon(const struct picture *p, size_t i)
{
	const struct told_flow_pair *pair = &p->pairs->items[i];
	double y0 = p->left[i], y1 = p->right[i], t = thickness(p, i), middle = (LEFT + RIGHT) / 2;
	fprintf(p->out,
		"<path d=\"M%.1f %.1fC%.1f %.1f %.1f %.1f %.1f %.1fv%.1fC%.1f %.1f %.1f %.1f %.1f %.1fz\" "
		"fill=\"%s\" fill-opacity=\"0.45\" stroke=\"%s\"%s><title>",
		LEFT, y0, middle, y0, middle, y1, RIGHT, y1, t, middle, y1 + t, middle, y0 + t, LEFT, y0 + t,
		pair->differing > 0 ? "#e07a5f" : "#a8c5da", pair->differing > 0 ? "#b00020" : "#457b9d",
		pair->differing > 0 ? " stroke-dasharray=\"6 3\"" : "");
	told_print_html(p->out, pair->from);
	fputs(" to ", p->out);
	told_print_html(p->out, pair->to);
	fprintf(p->out, ": %" PRIu64 " sent, %" PRIu64 " not declared</title></path>\n", pair->sent, pair->differing);
	fprintf(p->out, "<text x=\"%.1f\" y=\"%.1f\" class=\"sent\">%" PRIu64 "</text>\n", LEFT + 8, y0 + t / 2 + 5,
		pair->sent);
}

static double height_of(const struct picture *p)
{
	double height = 2 * TOP;
	for (size_t i = 0; i < p->pairs->count; i++)
		height += thickness(p, i) + GAP; /* as if each had a bar of its own */
	return height;
}

static void describe(const struct picture *p)
{
	uint64_t sent = 0, differing = 0;
	for (size_t i = 0; i < p->pairs->count; i++) {
		sent += p->pairs->items[i].sent;
		differing += p->pairs->items[i].differing;
	}
	fprintf(p->out,
		"<title id=\"flows-title\">Parts of stories sent between services</title>\n"
		"<desc id=\"flows-desc\">Senders on the left, recipients on the right, a band for each two. The "
		"thicker "
		"the band, the more was sent; its number stands at its left end. Bands with a broken red edge hold "
		"something that no agreement declares. In all %" PRIu64 " parts, %" PRIu64 " not declared; the table "
		"above has the same numbers.</desc>\n",
		sent, differing);
}

static enum told_status draw(const struct told_flow_pairs *pairs, FILE *out)
{
	struct picture p = {.pairs = pairs, .most = 1, .out = out};
	for (size_t i = 0; i < pairs->count; i++)
		p.most = pairs->items[i].sent > p.most ? pairs->items[i].sent : p.most;
	p.left = calloc(2 * pairs->count + 1, sizeof *p.left);
	if (p.left == NULL)
		return TOLD_E_MEMORY;
	p.right = p.left + pairs->count;
	fprintf(out,
		"<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 %.0f %.0f\" role=\"img\" "
		"aria-labelledby=\"flows-title flows-desc\" font-family=\"sans-serif\" font-size=\"14\">\n",
		WIDTH, height_of(&p));
	describe(&p);
	draw_side(&p, false);
	draw_side(&p, true);
	for (size_t i = 0; i < pairs->count; i++)
		draw_ribbon(&p, i);
	fputs("</svg>\n", out);
	free(p.left);
	return TOLD_OK;
}

/* ---- the page ---- */

static enum told_status pair_table(const struct told_flow_pairs *pairs, FILE *out)
{
	struct told_sheet sheet;
	told_sheet_init(&sheet, pair_columns, sizeof pair_columns / sizeof pair_columns[0]);
	for (size_t i = 0; i < pairs->count; i++) {
		told_sheet_put(&sheet, pairs->items[i].from);
		told_sheet_put(&sheet, pairs->items[i].to);
		told_sheet_number(&sheet, pairs->items[i].sent);
		told_sheet_number(&sheet, pairs->items[i].differing);
	}
	if (sheet.status == TOLD_OK)
		told_sheet_html(&sheet, "Between services", out);
	enum told_status status = sheet.status;
	told_sheet_free(&sheet);
	return status;
}

static void introduce(const struct told_flows *flows, uint64_t now_ms, FILE *out)
{
	char now[TOLD_TIME_BYTES];
	told_time_format(now_ms, now);
	fprintf(out,
		"<p>Made %s from %" PRIu64 " entries of the log and %zu agreements. "
		"<strong>%" PRIu64 " flows are not declared; %" PRIu64 " declared ones were never seen.</strong></p>\n",
		now, flows->seen.entries, flows->declared.count, told_flows_differing(flows),
		flows->standing[TOLD_STANDING_NEVER_SEEN]);
	fputs("<p>A number says how often a part of a story of this category was sent. Whether the log itself can be "
	      "believed is what <code>told-audit verify</code> says.</p>\n",
	      out);
}

enum told_status told_flows_html(const struct told_flows *flows, const struct told_flow_pairs *pairs, uint64_t now_ms,
				 FILE *out)
{
	fputs(head, out);
	introduce(flows, now_ms, out);
	enum told_status status = pair_table(pairs, out);
	if (status == TOLD_OK && pairs->count > 0)
		status = draw(pairs, out);
	if (status == TOLD_OK)
		told_sheet_html(&flows->sheet, "Every flow, differences first", out);
	fputs("</main>\n</body>\n</html>\n", out);
	return status;
}
