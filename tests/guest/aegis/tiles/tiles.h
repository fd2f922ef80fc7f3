/* What the worker does beside making calls. */
#ifndef TILES_TEST_H
#define TILES_TEST_H

#define WORK_LOAD 0x100
#define WORK_STORE 0x101

#endif
