/* Application-specific handlers: what they can do, and what they cannot. */
#include "net.h"

void test_handlers(void)
{
}
void test_hostile_handlers(void)
{
}
