/*
 * ARP, IP, ICMP and UDP over Ethernet, as far as a small program needs them: frames are built and
 * answered in place. Addresses are numbers (10.0.0.1 is 0x0a000001).
 */
#ifndef LIB_IP_H
#define LIB_IP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Offsets in a frame; behind IP_HEADER_END when there are no options. */
#define ETHER_TYPE 12
#define ETHER_END 14
#define ARP_OPERATION 20
#define ARP_SENDER 22
#define ARP_SENDER_ADDRESS 28
#define ARP_TARGET_ADDRESS 38
#define ARP_END 42
#define IP_LENGTH 16
#define IP_PROTOCOL 23
#define IP_CHECKSUM 24
#define IP_SOURCE 26
#define IP_DESTINATION 30
#define IP_END 34
#define ICMP_TYPE 34
#define ICMP_CHECKSUM 36
#define ICMP_IDENTIFIER 38
#define ICMP_SEQUENCE 40
#define ICMP_DATA 42
#define UDP_SOURCE 34
#define UDP_DESTINATION 36
#define UDP_LENGTH 38
#define UDP_CHECKSUM 40
#define UDP_DATA 42

#define TYPE_IP 0x0800
#define TYPE_ARP 0x0806
#define PROTOCOL_ICMP 1
#define PROTOCOL_UDP 17
#define PORT_ECHO 7

static inline uint32_t ip_get16(const volatile uint8_t *at)
{
    return (uint32_t)at[0] << 8 | at[1];
}

static inline uint32_t ip_get32(const volatile uint8_t *at)
{
    return ip_get16(at) << 16 | ip_get16(at + 2);
}

static inline void ip_put16(uint8_t *at, uint32_t value)
{
    at[0] = (uint8_t)(value >> 8);
    at[1] = (uint8_t)value;
}

static inline void ip_put32(uint8_t *at, uint32_t value)
{
    ip_put16(at, value >> 16);
    ip_put16(at + 2, value);
}

/* "10.0.0.1"; false when it is no address. */
bool ip_parse(const char *text, uint32_t *address);
/* The same as text, at least 16 bytes. */
char *ip_print(char *text, uint32_t address);
/* The address a program takes when it is told none: 10.0.2.x, x the station address's last byte. */
uint32_t ip_default(void);

uint32_t ip_checksum(const uint8_t *from, uint32_t bytes);

/* Turns a request for our address into the answer. */
void ip_answer_arp(uint8_t *frame, const volatile uint8_t *station);
/* Turns an echo request into the reply. */
void ip_answer_ping(uint8_t *frame);
/* Sends a UDP datagram back to where it came from. */
void ip_answer_udp(uint8_t *frame);

/* Builds an ARP request; ARP_END bytes. */
void ip_ask_arp(uint8_t *frame, const volatile uint8_t *station, uint32_t source, uint32_t target);
/*
 * Builds an echo request of so many data bytes, all of them the sequence number; returns its
 * length.
 */
uint32_t ip_make_ping(uint8_t *frame, const uint8_t *station, uint32_t source, uint32_t target,
                      uint32_t sequence, uint32_t data);

#endif
