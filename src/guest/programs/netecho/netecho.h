/* The handler of netecho, and how the program names its ends. */
#ifndef NETECHO_H
#define NETECHO_H

#include <stdint.h>

uint32_t answer_echo(uint32_t length);
void answer_echo_end(void);

#endif
