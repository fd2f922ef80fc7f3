/*
 * From the library to the program's first instruction: a0 = argc, a1 = argv, every other register
 * but sp zero.
 */
    .set noreorder
    .text
/* void enter_program(uint32_t entry, uint32_t stack, uint32_t count, uint32_t arguments) */
    .globl enter_program
enter_program:
    move  $25, $4
    move  $29, $5
    move  $4, $6
    move  $5, $7
    move  $6, $0
    move  $7, $0
    move  $30, $0
    move  $28, $0
    jr    $25
     move $31, $0
