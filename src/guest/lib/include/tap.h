/*
 * Test output in TAP, which the host reads without parsing prose: `ok 3 - name`. A program calls
 * tap_plan once, tap_ok for every check, and returns tap_end() from main: 0 when all passed.
 */
#ifndef LIB_TAP_H
#define LIB_TAP_H

#include <stdbool.h>

void tap_plan(int count);
bool tap_ok(bool is_ok, const char *name);
int tap_end(void);

#endif
