#include "uart.h"

#include <string.h>

#include "processor.h"

typedef struct {
	volatile uint32_t data;
	volatile uint32_t state;
	volatile uint32_t control;
	volatile uint32_t interrupts;
	volatile uint32_t divider;
} bcUart;

#define BC_UART0 ((bcUart *)(uintptr_t)0x59303000)
#define BC_UART1 ((bcUart *)(uintptr_t)0x59304000)

#define BC_STATE_SEND_FULL 1u
#define BC_STATE_RECEIVE_FULL 2u
#define BC_CONTROL_SEND 1u
#define BC_CONTROL_RECEIVE 2u
#define BC_CONTROL_SEND_INTERRUPT 4u
#define BC_CONTROL_RECEIVE_INTERRUPT 8u
#define BC_INTERRUPT_SEND 1u
#define BC_INTERRUPT_RECEIVE 2u

/* 32 MHz / 35 = 914 kBd, within 1 % of 921,600. */
#define BC_DIVIDER 35

#define BC_DOORBELL_RING 16

/* Head is the handler's, tail the program's; both count up. */
static uint8_t bcSerialRing[BC_SERIAL_RING];
static volatile uint32_t bcSerialHead;
static volatile uint32_t bcSerialTail;
static volatile uint8_t bcDoorbells[BC_DOORBELL_RING];
static volatile uint32_t bcDoorbellHead;
static volatile uint32_t bcDoorbellTail;

static void bcOpen(bcUart *uart, uint32_t interrupts)
{
	uart->divider = BC_DIVIDER;
	uart->control = BC_CONTROL_SEND | BC_CONTROL_RECEIVE | interrupts;
}

void bcUartsOpen(void)
{
	bcOpen(BC_UART0, BC_CONTROL_RECEIVE_INTERRUPT);
	bcOpen(BC_UART1, BC_CONTROL_RECEIVE_INTERRUPT);
	BC_NVIC_ENABLE(BC_UART0_SEND) = BC_NVIC_BIT(BC_UART0_SEND);
	BC_NVIC_ENABLE(BC_UART1_RECEIVE) = BC_NVIC_BIT(BC_UART1_RECEIVE);
	bcSerialListen(true);
}

void bcSerialListen(bool on)
{
	if (on)
		BC_NVIC_ENABLE(BC_UART0_RECEIVE) = BC_NVIC_BIT(BC_UART0_RECEIVE);
	else
		BC_NVIC_DISABLE(BC_UART0_RECEIVE) = BC_NVIC_BIT(BC_UART0_RECEIVE);
	bcDataBarrier();
	bcInstructionBarrier();
}

void bcSerialReceived(void)
{
	/* A full ring leaves the byte in the UART and the line waiting: bcSerialTake opens it again. */
	if (bcSerialHead - bcSerialTail == BC_SERIAL_RING) {
		BC_UART0->control &= ~BC_CONTROL_RECEIVE_INTERRUPT;
		BC_UART0->interrupts = BC_INTERRUPT_RECEIVE;
		return;
	}
	/* First the interrupt, then the byte: reading it lets the next one in, whose interrupt must not be cleared. */
	BC_UART0->interrupts = BC_INTERRUPT_RECEIVE;
	if (BC_UART0->state & BC_STATE_RECEIVE_FULL) {
		bcSerialRing[bcSerialHead % BC_SERIAL_RING] = (uint8_t)BC_UART0->data;
		bcSerialHead++;
	}
}

uint32_t bcSerialTake(uint8_t *to, uint32_t length)
{
	uint32_t taken = 0;
	bool full = bcSerialHead - bcSerialTail == BC_SERIAL_RING;
	while (taken < length && bcSerialTail != bcSerialHead) {
		to[taken++] = bcSerialRing[bcSerialTail % BC_SERIAL_RING];
		bcSerialTail++;
	}
	if (full && taken) {
		bcInterruptsOff();
		BC_UART0->control |= BC_CONTROL_RECEIVE_INTERRUPT;
		if (BC_UART0->state & BC_STATE_RECEIVE_FULL) {
			bcSerialRing[bcSerialHead % BC_SERIAL_RING] = (uint8_t)BC_UART0->data;
			bcSerialHead++;
		}
		bcInterruptsOn();
	}
	return taken;
}

void bcSerialSent(void)
{
	BC_UART0->interrupts = BC_INTERRUPT_SEND;
}

/* Sleeps until the UART takes another byte. A byte that goes at once needs no interrupt, so it is on only here. */
static void bcSerialWait(void (*idle)(void))
{
	bcInterruptsOff();
	BC_UART0->control |= BC_CONTROL_SEND_INTERRUPT;
	while (BC_UART0->state & BC_STATE_SEND_FULL) {
		idle();
		bcInterruptsOff();
	}
	BC_UART0->control &= ~BC_CONTROL_SEND_INTERRUPT;
	bcInterruptsOn();
}

void bcSerialSend(const uint8_t *bytes, uint32_t length, void (*idle)(void))
{
	uint32_t sent;
	for (sent = 0; sent < length; sent++) {
		BC_UART0->data = bytes[sent];
		if (BC_UART0->state & BC_STATE_SEND_FULL)
			bcSerialWait(idle);
	}
}

bool bcSerialEmpty(void)
{
	return bcSerialTail == bcSerialHead;
}

void bcDoorbellReceived(void)
{
	BC_UART1->interrupts = BC_INTERRUPT_RECEIVE;
	if (BC_UART1->state & BC_STATE_RECEIVE_FULL) {
		uint8_t byte = (uint8_t)BC_UART1->data;
		if (bcDoorbellHead - bcDoorbellTail < BC_DOORBELL_RING) {
			bcDoorbells[bcDoorbellHead % BC_DOORBELL_RING] = byte;
			bcDoorbellHead++;
		}
	}
}

int bcDoorbellNext(void)
{
	int byte;
	if (bcDoorbellHead == bcDoorbellTail)
		return -1;
	byte = bcDoorbells[bcDoorbellTail % BC_DOORBELL_RING];
	bcDoorbellTail++;
	return byte;
}

void bcDoorbellRing(uint8_t byte)
{
	bcDataBarrier();
	while (BC_UART1->state & BC_STATE_SEND_FULL)
		;
	BC_UART1->data = byte;
}
