/* The smallest program: says hello, and on which library OS it runs. */
#include <generated/library-calls.h>
#include <stdio.h>

int main(void)
{
    printf("hello from %s\n", exo_libos_name());
    return 0;
}
