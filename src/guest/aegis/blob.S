/* init's ELF file, embedded: the first environment. */
    .section .rodata
    .balign 16
    .globl init_image, init_image_end
init_image:
    .incbin "init.elf"
init_image_end:
    .balign 4
