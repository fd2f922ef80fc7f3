/*
 * swapd's parts. It is an ordinary environment: what it does to those who submit, it does by the
 * capabilities of control that they send it, and where it keeps them is an extent that it was lent.
 */
#ifndef SWAPD_H
#define SWAPD_H

#include <generated/abi-calls.h>
#include <generated/library-calls.h>
#include <stdbool.h>
#include <stdint.h>
#include <swap.h>

enum client_state {
    CLIENT_NONE,
    CLIENT_SUBMITTED, /* we control it; it is to wait, and then to be stopped */
    CLIENT_STOPPED, /* its pages are on their way to the disk */
    CLIENT_OUT,
    CLIENT_IN, /* it reads its list yet, which is ours */
};

struct client {
    uint32_t envid;
    enum client_state state;
    uint32_t mapping, word; /* where it wants its list, and to be told (swap.h) */
    bool is_wanted; /* somebody who may has asked for it */
    uint32_t since; /* tick at which it was out */
    struct aegis_env saved; /* its record when it was stopped */
    uint32_t list; /* page */
    uint32_t count; /* pages on disk */
    uint16_t name[SWAP_PAGES_MAX]; /* in order */
    uint16_t place[SWAP_PAGES_MAX];
};

/* tables.c: exported records. */
bool tables_map(void);
const volatile struct aegis_header *tables_header(void);
const volatile struct aegis_env *tables_env(uint32_t slot);
const volatile struct aegis_page *tables_page(uint32_t page);
const volatile struct aegis_extent *tables_extent(uint32_t extent);
static inline uint32_t slot_of(uint32_t envid)
{
    return envid & (AEGIS_ENV_COUNT - 1);
}
/* The record of an environment; NULL when it is dead. */
const volatile struct aegis_env *tables_alive(uint32_t envid);

/* store.c: places for pages in the extent. */
#define NO_PLACE 0xffffffffu
/* Places in all; 0: no extent was lent. */
uint32_t store_open(void);
uint32_t store_free_count(void);
uint32_t store_take(void);
void store_give(uint32_t place);
/* So many transfers at once, between places and pages of ours; false when the disk failed. */
#define STORE_BATCH 12u
bool store_transfer(bool is_write, const uint16_t *place, const uint16_t *page, uint32_t count);

/* client.c */
void client_stop(struct client *client);
void client_take_out(struct client *client);
/* False when there are too few free pages. */
bool client_bring_in(struct client *client);
/* Frees its list, when it does not need it any more. */
void client_look_after(struct client *client);
void client_forget(struct client *client);
void client_report(const struct client *client, const char *what);

/* main.c: looks for messages and stops whoever waits for it, while a transfer is waited for. */
void attend(void);

#endif
