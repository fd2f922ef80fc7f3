/*
 * The map of the firmware: every function that one file offers to the others, by file. What a board brings is in its
 * folder: `board.h`, `reset.S`, and the files that are marked so below.
 * All code is linked at kseg1 ROM addresses. After the cache has been initialised `prom_main` runs at the cached
 * alias of the same ROM (jal keeps the segment); calls through the call vector run uncached.
 */
#ifndef PROM_PROM_H
#define PROM_PROM_H

#include "board.h"
#include "types.h"

/* About 150 cycles in eight instructions: four divisions waited for. Keeps polling loops off the bus. */
#define PAUSE() \
    __asm__ volatile(".set push\n\t.set noreorder\n\t.rept 4\n\tdiv $0, $29, $29\n\tmflo $1\n\t.endr\n\t.set pop" \
                     ::: "$1", "hi", "lo")

/* What an exception leaves behind; filled by start.S in this order. */
struct trap_frame {
    uint32_t registers[32];
    uint32_t hi, lo, status, cause, epc, badvaddr;
};

/* start.S */
void prom_prompt_restart(void) __attribute__((noreturn)); /* fresh stack, then the prompt */
void prom_reinitialise(void) __attribute__((noreturn));   /* through the reset vector, as after power-on */
void prom_stop(void) __attribute__((noreturn));           /* interrupts off, then `prom_halted`, a branch to itself */
void prom_enter(uint32_t entry, int argc, char **argv, uint32_t magic, const void *vector) __attribute__((noreturn));
uint32_t prom_probe_word(uint32_t address, uint32_t *value); /* 0 when the read got a bus error */

/* cache.S: `swap` is 0 for the D cache, SR_SWC for the I cache. */
uint32_t cache_size(uint32_t swap);
void cache_invalidate(uint32_t start, uint32_t bytes, uint32_t swap);
uint32_t cache_test(uint32_t bytes, uint32_t swap); /* 0, or the kseg0 address of the first bad word, | 1 for its tag */

/* tlb.S */
uint32_t tlb_test(void); /* 0, or 1 + the number of the first bad entry */
void tlb_clear(void);

/* jump.S */
int prom_setjmp(uint32_t *buffer);
void prom_longjmp(uint32_t *buffer, int value) __attribute__((noreturn));

/* console.c */
void console_queue(int is_on); /* on: output goes out while the firmware works; off: drains, then waits per byte */
void console_poll(void);       /* moves queued output */
void console_drain(void);      /* until the last stop bit has left */
void console_put(int c);
int console_get(void);
char *console_gets(char *line, uint32_t size); /* line editing; without the newline */

/* serial.c of the board: the console's line, 9600 8N1 */
void serial_init(void);     /* lets what is on its way out, then resets the chip; the receiver stays off */
int serial_can_send(void);
void serial_send(int c);    /* when it can */
void serial_drain(void);    /* until the last stop bit has left */
int serial_has_input(void); /* turns the receiver on */
int serial_receive(void);   /* when there is input */
const char *serial_test(void);

/* format.c */
void format(void (*sink)(void *, int), void *context, const char *text, va_list list);
int prom_printf(const char *text, ...) __attribute__((format(printf, 1, 2)));
int prom_sprintf(char *into, const char *text, ...);

/* string.c */
void *memcpy(void *to, const void *from, size_t size);
void *memset(void *to, int value, size_t size);
char *prom_strcpy(char *to, const char *from);
char *prom_strncpy(char *to, const char *from, size_t size);
char *prom_strcat(char *to, const char *from);
char *prom_strncat(char *to, const char *from, size_t size);
int prom_strcmp(const char *a, const char *b);
int prom_strncmp(const char *a, const char *b, size_t size);
size_t prom_strlen(const char *text);
long prom_strtol(const char *text, char **end, int base);

/* memory.c */
uint32_t memory_size(void); /* bytes of RAM found at power-on */
void memory_probe(void);
uint32_t memory_test(uint32_t stride, uint32_t *wrote, uint32_t *read); /* 0 or the address of the first bad word */
int memory_bitmap(uint32_t *map);

/* clock.c */
void clock_init(void);
uint32_t clock_read(uint32_t index);
void clock_write(uint32_t index, uint32_t value);
const char *clock_test(void);

/* environment.c */
void environment_init(void);
int environment_default(const char *name, const char *value); /* not kept when power goes off */
char *environment_get(const char *name);
int environment_set(const char *name, const char *value); /* 0, or -1 when there is no room */
int environment_unset(const char *name);
void environment_print(void);

/* selftest.c */
int selftest_run(void);      /* 1 when every part passed */
int selftest_thorough(void); /* every word of RAM */

/* scsi.c */
int scsi_inquire(uint32_t id, uint8_t *answer); /* 1 when a device answered; 36 bytes */
int scsi_read(uint32_t id, uint32_t sector, uint32_t count, uint32_t physical); /* 1 when all was read */

/* asc.c or sii.c of the board */
const char *scsi_test(void);
/*
 * One command with data from the target (bytes may be 0). `physical` is a multiple of 8.
 * The SCSI status byte, or -1 when there is no such device or it misbehaved.
 */
int scsi_command(uint32_t id, const uint8_t *cdb, uint32_t cdb_size, uint32_t physical, uint32_t bytes);

/* station.c */
const char *station_test(void);
void station_print(void);

/* configuration.c */
void configuration_print_scsi(void);

/* board.c of the board */
struct board_part {
    const char *name;
    const char *(*test)(void); /* NULL, or what is wrong */
};
extern const struct board_part board_parts[]; /* in the order of testing; ended by a NULL name */
void board_memory_sized(uint32_t bytes);      /* tells the memory controller */
void board_passed(void);                      /* the self test is over */
void board_clear_errors(void);                /* acknowledges bus errors */
int board_wants_prompt(void);                 /* somebody asks for the prompt instead of a boot */
void board_environment(void);                 /* variables of this board's firmware */
int board_disk(const char *path);             /* SCSI id of a disk's name, with or without a file behind it, or -1 */
void board_configuration(int argc, char **argv);
void board_start_kernel(uint32_t entry, int argc, char **argv) __attribute__((noreturn));
void board_delay(uint32_t milliseconds);
void board_leds(uint32_t value); /* 1 = on */
void board_flush(void);          /* until every write has arrived */
uint32_t board_slot_address(uint32_t slot);
const void *board_tc_info(void);

/* boot.c */
int boot_command(int argc, char **argv); /* returns only when it failed */
int boot_pending_request(void);          /* returns 0 when there is no request */
int boot_init(const char *path);
int boot_read(uint32_t block, void *into, uint32_t size);
void boot_halt(void) __attribute__((noreturn));
int boot_device(void); /* the device that the environment names; returns only when it failed */

/* prompt.c */
void prompt_loop(void) __attribute__((noreturn));
int prompt_execute(const char *line);

/* vector.c */
extern const uint32_t call_vector[];
int vector_puts(const char *text);
char *vector_gets(char *line); /* 128 bytes */
int vector_clear_cache(uint32_t address, uint32_t length);

/* main.c */
void prom_main(uint32_t is_warm) __attribute__((noreturn));
void trap_report(const struct trap_frame *frame) __attribute__((noreturn));

#endif
