/*
 * First code of a program: the library OS enters with a0 = argc, a1 = argv and a stack. Main's
 * result is the exit status.
 */
    .set noreorder
    .section .text.start, "ax"
    .globl __start
__start:
    jal   main
     nop
    move  $4, $2
    jal   exit
     nop
