/* Which machine this is. */
#include "board.h"

#define SYSTEM_TYPE(id) ((id) >> 16 & 0xff)

struct board board;

int board_find(uint32_t system_id)
{
    static const struct board *const known[] = {&board_kn02ba, &board_kn01};
    for (uint32_t i = 0; i < sizeof known / sizeof known[0]; i++) {
        if (known[i]->system_type != SYSTEM_TYPE(system_id))
            continue;
        board = *known[i];
        return 1;
    }
    return 0;
}
