/*
 * Time and chance come from outside: `Date` from the record being handled, `Math.random` from a seed.
 */
#include "xsAll.h"
#include "engine.h"

double bcNow;
double bcEpoch;

static uint32_t bcRandomState[4];

static uint64_t bcSplitMix(uint64_t *state)
{
	uint64_t z = (*state += 0x9e3779b97f4a7c15u);
	z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
	z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
	return z ^ (z >> 31);
}

void bcRandomSeed(uint32_t low, uint32_t high)
{
	uint64_t state = ((uint64_t)high << 32) | low;
	uint64_t first = bcSplitMix(&state);
	uint64_t second = bcSplitMix(&state);
	bcRandomState[0] = (uint32_t)first;
	bcRandomState[1] = (uint32_t)(first >> 32);
	bcRandomState[2] = (uint32_t)second;
	bcRandomState[3] = (uint32_t)(second >> 32) | 1u;
}

static uint32_t bcRotate(uint32_t value, int count)
{
	return (value << count) | (value >> (32 - count));
}

/* xoshiro128** (Blackman, Vigna); not for secrets. */
uint32_t bcRandom31(void)
{
	uint32_t *s = bcRandomState;
	uint32_t result = bcRotate(s[1] * 5, 7) * 9;
	uint32_t t = s[1] << 9;
	s[2] ^= s[0];
	s[3] ^= s[1];
	s[1] ^= s[2];
	s[0] ^= s[3];
	s[2] ^= t;
	s[3] = bcRotate(s[3], 11);
	return result >> 1;
}

int bcTimeOfDay(struct timeval *time, void *zone)
{
	double now = bcEpoch + bcNow;
	double seconds = floor(now / 1e6);
	(void)zone;
	time->tv_sec = (time_t)seconds;
	time->tv_usec = (suseconds_t)(now - seconds * 1e6);
	return 0;
}

