/* Protected control transfers with nothing around them. */
#ifndef PINGPONG_TRANSFER_H
#define PINGPONG_TRANSFER_H

#define BARE_COUNT  1000
#define BARE_ROUNDS 4
/* What no ball of a game will be: asks the server for bare transfers. */
#define BARE        0xffffffffu

#ifndef __ASSEMBLER__
#include <stdint.h>

/* BARE_COUNT round trips to the server; 0, or what the first one that was refused returned. */
int32_t loop_transfer(uint32_t server, uint32_t self);

/* Where transfers enter: the server, and the client with the reply. */
extern char bare_entry[], bare_reply[];
#endif
#endif
