/* What a conformance program is given, and what it must have: run(). */
void run(void);
void start(void);
void put_text(const char *text);
void put_hex(const char *name, unsigned value);
void *memcpy(void *to, const void *from, unsigned count);
void *memset(void *to, int value, unsigned count);
unsigned long long __ashldi3(unsigned long long value, int count);
unsigned long long __lshrdi3(unsigned long long value, int count);
long long __ashrdi3(long long value, int count);
