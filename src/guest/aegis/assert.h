/*
 * Invariants of the kernel. They stay on: a broken one prints a line on the console and halts
 * through the firmware.
 */
#ifndef AEGIS_ASSERT_H
#define AEGIS_ASSERT_H

void panic(const char *message) __attribute__((noreturn));

#define ASSERT_TEXT(line) #line
#define ASSERT_LINE(line) ASSERT_TEXT(line)
#define ASSERT(condition)                                                                          \
    do {                                                                                           \
        if (!(condition))                                                                          \
            panic(__FILE__ ":" ASSERT_LINE(__LINE__) ": " #condition);                             \
    } while (0)

#endif
