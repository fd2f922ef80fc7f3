/*
 * What differs from board to board, as a table that boot copies when the firmware has told which
 * machine this is: addresses, interrupt wires, the console's chip, the SCSI chip.
 */
#ifndef AEGIS_BOARD_H
#define AEGIS_BOARD_H

#include <stdint.h>

/* Who wants attention, whatever the wires. */
#define REQUEST_LINES 0x01u
#define REQUEST_CONSOLE 0x02u
#define REQUEST_DISK 0x04u
#define REQUEST_NETWORK 0x08u
#define REQUEST_CLOCK 0x10u
#define REQUEST_ERROR 0x20u

struct console_chip {
    /* As the firmware set it up, 9600 8N1; from now on it receives, silently. */
    void (*init)(void);
    void (*send)(uint32_t byte);
    /* The next byte, or -1. */
    int32_t (*receive)(void);
    /* Whether a byte that waits raises a request. */
    void (*listen)(int is_on);
};

/* How the LANCE is connected. */
struct lance_wiring {
    volatile uint16_t *registers; /* RDP, and RAP a word behind it */
    volatile uint8_t *station;    /* address ROM, a byte to a word */
    /* The chip's 64 KB, a halfword to a word, in kseg1. */
    uint32_t memory;
    /* Frames lie in memory of the chip's own, so the kernel copies them; else they are in RAM. */
    int is_apart;
    void (*start)(void);
};

/* A frame buffer of 1024 bytes to a line, a byte to a pixel. */
struct screen {
    uint32_t address; /* physical */
    /* False when there is none, or another kind; else all bits of a pixel count. */
    int (*find)(void);
    /* Goes to an entry of the colour map; `colour` takes its red, green and blue then. */
    void (*select)(uint32_t entry);
    volatile uint32_t *colour;
};

struct scsi_chip;

struct board {
    uint32_t system_type; /* bits 23:16 of the firmware's getsysid */
    uint32_t status;      /* interrupt inputs in use, as Status mask bits */
    volatile uint32_t *clock; /* DS1287 registers, a word each */
    volatile uint32_t *multiplexer; /* EXMUX-AA, a window of words */
    const struct lance_wiring *lance;
    const struct console_chip *console;
    const struct scsi_chip *scsi;
    const struct screen *screen;
    void (*start_interrupts)(void);
    /* REQUEST_* of what is raised and enabled, from Cause and the board's own registers. */
    uint32_t (*requests)(uint32_t cause);
};

extern struct board board;
extern const struct board board_kn02ba, board_kn01;
extern const struct console_chip console_scc, console_dz;
extern const struct screen screen_pmag_ba;

/* False when this kernel does not know the machine. */
int board_find(uint32_t system_id);

#endif
