/* The counters behind tap.h. */
#include <stdio.h>
#include <tap.h>

static int planned;
static int run;
static int failed;

void tap_plan(int count)
{
    planned = count;
    printf("1..%d\n", count);
}

bool tap_ok(bool is_ok, const char *name)
{
    run++;
    if (!is_ok)
        failed++;
    printf("%sok %d - %s\n", is_ok ? "" : "not ", run, name);
    return is_ok;
}

int tap_end(void)
{
    if (run != planned)
        printf("# ran %d of %d tests\n", run, planned);
    return failed == 0 && run == planned ? 0 : 1;
}
