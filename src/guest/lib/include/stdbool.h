/* Booleans as C11 spells them. */
#ifndef LIB_STDBOOL_H
#define LIB_STDBOOL_H

#define bool _Bool
#define true 1
#define false 0

#endif
