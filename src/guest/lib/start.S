/*
 * First code of a program: the library OS enters with a0 = argc, a1 = argv and a stack. Main's
 * result is the exit status.
 */
    .set noreorder
    .section .text.start, "ax"
    .globl __start
__start:
    .reloc 0, R_MIPS_NONE, emit_real /* printf's %f belongs to every program (format.h) */
    jal   main
     nop
    move  $4, $2
    jal   exit
     nop
