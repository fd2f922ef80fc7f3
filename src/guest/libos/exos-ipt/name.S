/*
 * The library OS's name as the image header carries it, and what its page table needs of guaranteed
 * memory.
 */
#include "layout.h"

    .globl libos_name_word0, libos_name_word1, libos_name_word2, libos_name_word3
    .set libos_name_word0, 0x736f7865 /* "exos" */
    .set libos_name_word1, 0x7470692d /* "-ipt" */
    .set libos_name_word2, 0
    .set libos_name_word3, 0

    /* exception stack, eight pages of table */
    .globl table_data_count
    .set table_data_count, G_STACK_PAGES + 8
