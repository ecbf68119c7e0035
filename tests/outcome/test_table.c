/* SPDX-License-Identifier: Apache-2.0 */
/* Tables that are given away, attacked: by subtraction from totals, with all that can be known of a hidden number, and
 * across tables about the same people. */
#include "support/support.h"

#include "agents/outcome/table.h"
#include <stdio.h>
#include <string.h>

static struct told_counts table(size_t rows, size_t columns)
{
	static const char *const names[] = {"a", "b", "c", "d"};
	struct told_counts c = {.name = "t", .unit = "people", .column_count = columns, .row_count = rows};
	for (size_t k = 0; k < columns; k++)
		c.columns[k] = names[k];
	for (size_t r = 0; r < rows; r++)
		snprintf(c.rows[r], sizeof c.rows[r], "r%zu", r);
	return c;
}

static void test_counts_add_up_by_row(void **state)
{
	(void)state;
	struct told_counts c = table(0, 2);
	assert_int_equal(told_counts_add(&c, "home", 0), TOLD_OK);
	assert_int_equal(told_counts_add(&c, "work", 1), TOLD_OK);
	assert_int_equal(told_counts_add(&c, "home", 0), TOLD_OK);
	assert_int_equal(told_counts_add(&c, "home", 2), TOLD_E_LIMIT);
	assert_int_equal(c.row_count, 2);
	assert_int_equal(c.cells[0][0], 2);
	assert_int_equal(c.cells[1][1], 1);
}

static void test_what_is_shown_is_rounded_and_what_is_small_is_not_shown(void **state)
{
	(void)state;
	struct told_counts c = table(1, 2);
	c.cells[0][0] = 3;
	c.cells[0][1] = 40;
	json_t *json = told_counts_json(&c, 5);
	const json_t *cells = json_object_get(json_array_get(json_object_get(json, "rows"), 0), "cells");
	assert_true(json_is_null(json_array_get(cells, 0)));
	assert_int_equal(json_integer_value(json_array_get(cells, 1)), 40);
	/* 43 - 40 would tell */
	assert_true(json_is_null(json_object_get(json_array_get(json_object_get(json, "rows"), 0), "total")));
	assert_true(json_is_null(json_object_get(json, "total")));
	assert_int_equal(json_integer_value(json_array_get(json_object_get(json, "totals"), 1)), 40);
	json_decref(json);
	static const uint32_t rounded[][2] = {{0, 0}, {5, 5}, {7, 5}, {8, 10}, {12, 10}, {13, 15}, {100, 100}};
	for (size_t i = 0; i < sizeof rounded / sizeof rounded[0]; i++)
		assert_int_equal(told_counts_round(rounded[i][0]), rounded[i][1]);
}

/* ---- the attack ---- */

/* What can be known of a number: least and most. */
struct range {
	int64_t least, most;
};

/* Of what was given away, as anybody reads it who knows the rules: a number shown is within two of it, and not small; a
 * hidden cell is small; of a hidden total nothing is known. */
static struct range read_number(uint32_t count, bool hidden, bool small, unsigned smallest)
{
	if (hidden)
		return small ? (struct range){1, (int64_t)smallest - 1} : (struct range){0, 100000};
	int64_t shown = told_counts_round(count);
	if (shown == 0)
		return (struct range){0, 0};
	int64_t least = shown - 2 > (int64_t)smallest ? shown - 2 : (int64_t)smallest;
	return (struct range){least, shown + 2};
}

struct attack {
	size_t rows, columns;
	struct range cells[8][4], row[8], column[4], all;
};

/* One equation: the parts add up to the total. Narrows every one by the rest; says whether anything changed. */
static bool narrow(struct range **parts, size_t count, struct range *total)
{
	int64_t least = 0, most = 0;
	bool changed = false;
	for (size_t i = 0; i < count; i++) {
		least += parts[i]->least;
		most += parts[i]->most;
	}
	struct range before = *total;
	total->least = total->least > least ? total->least : least;
	total->most = total->most < most ? total->most : most;
	changed |= before.least != total->least || before.most != total->most;
	for (size_t i = 0; i < count; i++) {
		before = *parts[i];
		int64_t low = total->least - (most - before.most), high = total->most - (least - before.least);
		parts[i]->least = before.least > low ? before.least : low;
		parts[i]->most = before.most < high ? before.most : high;
		changed |= before.least != parts[i]->least || before.most != parts[i]->most;
	}
	return changed;
}

static void solve(struct attack *a)
{
	bool changed = true;
	for (int turns = 0; changed && turns < 200; turns++) {
		struct range *parts[8];
		changed = false;
		for (size_t r = 0; r < a->rows; r++) {
			for (size_t k = 0; k < a->columns; k++)
				parts[k] = &a->cells[r][k];
			changed |= narrow(parts, a->columns, &a->row[r]);
		}
		for (size_t k = 0; k < a->columns; k++) {
			for (size_t r = 0; r < a->rows; r++)
				parts[r] = &a->cells[r][k];
			changed |= narrow(parts, a->rows, &a->column[k]);
		}
		for (size_t r = 0; r < a->rows; r++)
			parts[r] = &a->row[r];
		changed |= narrow(parts, a->rows, &a->all);
		for (size_t k = 0; k < a->columns; k++)
			parts[k] = &a->column[k];
		changed |= narrow(parts, a->columns, &a->all);
	}
}

static bool small(uint32_t count, unsigned smallest)
{
	return count > 0 && count < smallest;
}

static void read_table(const struct told_counts *c, const struct told_hidden *h, unsigned smallest, struct attack *a)
{
	uint32_t columns[4] = {0}, all = 0;
	*a = (struct attack){.rows = c->row_count, .columns = c->column_count};
	for (size_t r = 0; r < c->row_count; r++) {
		uint32_t row = 0;
		for (size_t k = 0; k < c->column_count; k++) {
			uint32_t n = c->cells[r][k];
			a->cells[r][k] = read_number(n, h->cells[r][k], small(n, smallest), smallest);
			row += n;
			columns[k] += n;
		}
		a->row[r] = read_number(row, h->rows[r], false, smallest);
		all += row;
	}
	for (size_t k = 0; k < c->column_count; k++)
		a->column[k] = read_number(columns[k], h->columns[k], false, smallest);
	a->all = read_number(all, h->all, false, smallest);
}

static void assert_safe(const struct told_counts *c, unsigned smallest)
{
	struct told_hidden h;
	struct attack a;
	told_counts_hide(c, smallest, &h);
	read_table(c, &h, smallest, &a);
	solve(&a);
	for (size_t r = 0; r < c->row_count; r++)
		for (size_t k = 0; k < c->column_count; k++) {
			uint32_t n = c->cells[r][k];
			struct range range = a.cells[r][k];
			assert_true(range.least <= n && n <= range.most); /* the attack itself is right */
			assert_true(!small(n, smallest) || h.cells[r][k]);
			if (h.cells[r][k] && range.least == range.most)
				fail_msg("cell %zu,%zu of %zux%zu is %u and was worked out", r, k, c->row_count,
					 c->column_count, n);
		}
}

/* 20,000 tables of people: mostly small numbers, as a small service has them. */
static void test_no_hidden_cell_can_be_worked_out_from_totals(void **state)
{
	uint64_t seed = told_test_seed();
	(void)state;
	for (int turn = 0; turn < 20000; turn++) {
		struct told_counts c =
			table(1 + told_test_random(&seed) % 8, 1 + told_test_random(&seed) % TOLD_TABLE_COLUMNS_OUT);
		unsigned smallest =
			turn % 2 != 0 ? TOLD_SMALLEST_DEFAULT : 3 + (unsigned)(told_test_random(&seed) % 18);
		smallest = smallest < TOLD_SMALLEST_DEFAULT ? TOLD_SMALLEST_DEFAULT : smallest;
		uint32_t most = 1 + (uint32_t)(told_test_random(&seed) % 60);
		for (size_t r = 0; r < c.row_count; r++)
			for (size_t k = 0; k < c.column_count; k++)
				c.cells[r][k] = told_test_random(&seed) % 4 == 0
							? 0
							: (uint32_t)(told_test_random(&seed) % (most + 1));
		assert_safe(&c, smallest);
	}
}

/* Every table of two by two with numbers up to 12, so that no corner is left to luck. */
static void test_no_hidden_cell_of_any_small_table_can_be_worked_out(void **state)
{
	(void)state;
	struct told_counts c = table(2, 2);
	for (uint32_t i = 0; i < 13 * 13 * 13 * 13; i++) {
		c.cells[0][0] = i % 13;
		c.cells[0][1] = i / 13 % 13;
		c.cells[1][0] = i / 169 % 13;
		c.cells[1][1] = i / 2197;
		assert_safe(&c, 5);
	}
}

static size_t nulls(const json_t *json)
{
	size_t count = json_is_null(json), i;
	const char *name;
	json_t *value;
	if (json_is_object(json))
		json_object_foreach((json_t *)(uintptr_t)json, name, value) count += nulls(value);
	json_array_foreach(json, i, value) count += nulls(value);
	return count;
}

/* The columns of both have the same totals, and each reader has both: so either nothing is hidden in either, or there
 * is only one. */
static void test_another_table_of_the_same_people_is_not_given_where_it_could_tell(void **state)
{
	uint64_t seed = told_test_seed();
	size_t both = 0, one_only = 0;
	(void)state;
	for (int turn = 0; turn < 3000; turn++) {
		struct told_counts one = table(3, 2), two = table(2, 2), other = table(2, 2);
		const struct told_counts *tables[] = {&other, &one, &two};
		one.people = two.people = 7;
		int people = (int)(told_test_random(&seed) % 90);
		for (int person = 0; person < people; person++) {
			size_t k = told_test_random(&seed) % 2;
			one.cells[told_test_random(&seed) % 3][k]++;
			two.cells[told_test_random(&seed) % 2][k]++;
			other.cells[0][k]++;
		}
		json_t *list = told_counts_report(tables, 3, 5);
		bool left = json_object_get(json_array_get(list, 2), "left_out") != NULL;
		assert_null(json_object_get(json_array_get(list, 0), "left_out"));
		assert_null(json_object_get(json_array_get(list, 1), "left_out"));
		assert_true(left || nulls(json_array_get(list, 1)) + nulls(json_array_get(list, 2)) == 0);
		both += !left;
		one_only += left;
		json_decref(list);
	}
	assert_true(both > 100 && one_only > 100);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_counts_add_up_by_row),
		cmocka_unit_test(test_what_is_shown_is_rounded_and_what_is_small_is_not_shown),
		cmocka_unit_test(test_no_hidden_cell_can_be_worked_out_from_totals),
		cmocka_unit_test(test_no_hidden_cell_of_any_small_table_can_be_worked_out),
		cmocka_unit_test(test_another_table_of_the_same_people_is_not_given_where_it_could_tell),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
