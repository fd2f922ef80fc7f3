/* ARP, IP, ICMP and UDP (ip.h). RFC 826, 791, 792, 768, 1071. */
#include <ip.h>
#include <net.h>
#include <stdio.h>
#include <string.h>

#define STATION_BYTES 6

bool ip_parse(const char *text, uint32_t *address)
{
    uint32_t result = 0;

    for (int part = 0; part < 4; part++) {
        uint32_t value = 0, digits = 0;
        for (; *text >= '0' && *text <= '9' && digits < 3; digits++)
            value = 10 * value + (uint32_t)(*text++ - '0');
        if (digits == 0 || value > 255 || (part < 3 && *text++ != '.'))
            return false;
        result = result << 8 | value;
    }
    *address = result;
    return *text == 0;
}

char *ip_print(char *text, uint32_t address)
{
    snprintf(text, 16, "%u.%u.%u.%u", (unsigned)(address >> 24), (unsigned)(address >> 16 & 255),
             (unsigned)(address >> 8 & 255), (unsigned)(address & 255));
    return text;
}

uint32_t ip_default(void)
{
    const volatile struct aegis_network *network = net_interface();

    return 0x0a000200u | (network ? network->station[STATION_BYTES - 1] : 0);
}

uint32_t ip_checksum(const uint8_t *from, uint32_t bytes)
{
    uint32_t sum = 0;

    for (uint32_t i = 0; i + 1 < bytes; i += 2)
        sum += ip_get16(from + i);
    if (bytes % 2)
        sum += (uint32_t)from[bytes - 1] << 8;
    while (sum >> 16)
        sum = (sum & 0xffff) + (sum >> 16);
    return ~sum & 0xffff;
}

static void swap(uint8_t *a, uint8_t *b, uint32_t bytes)
{
    for (uint32_t i = 0; i < bytes; i++) {
        uint8_t kept = a[i];
        a[i] = b[i];
        b[i] = kept;
    }
}

void ip_answer_arp(uint8_t *frame, const volatile uint8_t *station)
{
    memcpy(frame, frame + ARP_SENDER, STATION_BYTES);
    ip_put16(frame + ARP_OPERATION, 2);
    swap(frame + ARP_SENDER, frame + ARP_SENDER + 10, 10);
    for (int i = 0; i < STATION_BYTES; i++)
        frame[ARP_SENDER + i] = station[i];
}

/* Back to where it came from; Aegis fills in the source station. */
static void turn_round(uint8_t *frame)
{
    memcpy(frame, frame + STATION_BYTES, STATION_BYTES);
    swap(frame + IP_SOURCE, frame + IP_DESTINATION, 4);
}

void ip_answer_ping(uint8_t *frame)
{
    uint32_t sum = ip_get16(frame + ICMP_CHECKSUM) + 0x0800;

    turn_round(frame);
    frame[ICMP_TYPE] = 0;
    ip_put16(frame + ICMP_CHECKSUM, (sum & 0xffff) + (sum >> 16));
}

void ip_answer_udp(uint8_t *frame)
{
    turn_round(frame);
    swap(frame + UDP_SOURCE, frame + UDP_DESTINATION, 2);
}

void ip_ask_arp(uint8_t *frame, const volatile uint8_t *station, uint32_t source, uint32_t target)
{
    static const uint8_t ethernet_ip[] = {0x08, 0x06, 0, 1, 8, 0, 6, 4, 0, 1};

    memset(frame, 0xff, STATION_BYTES);
    memcpy(frame + ETHER_TYPE, ethernet_ip, sizeof ethernet_ip);
    for (int i = 0; i < STATION_BYTES; i++)
        frame[ARP_SENDER + i] = station[i];
    ip_put32(frame + ARP_SENDER_ADDRESS, source);
    memset(frame + ARP_SENDER + 10, 0, STATION_BYTES);
    ip_put32(frame + ARP_TARGET_ADDRESS, target);
}

uint32_t ip_make_ping(uint8_t *frame, const uint8_t *station, uint32_t source, uint32_t target,
                      uint32_t sequence, uint32_t data)
{
    memcpy(frame, station, STATION_BYTES);
    ip_put16(frame + ETHER_TYPE, TYPE_IP);
    memset(frame + ETHER_END, 0, ICMP_DATA - ETHER_END);
    frame[ETHER_END] = 0x45;
    ip_put16(frame + IP_LENGTH, ICMP_DATA - ETHER_END + data);
    frame[IP_PROTOCOL - 1] = 64;
    frame[IP_PROTOCOL] = PROTOCOL_ICMP;
    ip_put32(frame + IP_SOURCE, source);
    ip_put32(frame + IP_DESTINATION, target);
    ip_put16(frame + IP_CHECKSUM, ip_checksum(frame + ETHER_END, IP_END - ETHER_END));
    frame[ICMP_TYPE] = 8;
    ip_put16(frame + ICMP_IDENTIFIER, 0x4158);
    ip_put16(frame + ICMP_SEQUENCE, sequence);
    memset(frame + ICMP_DATA, (int)sequence, data);
    ip_put16(frame + ICMP_CHECKSUM, ip_checksum(frame + ICMP_TYPE, ICMP_DATA - ICMP_TYPE + data));
    return ICMP_DATA + data;
}
