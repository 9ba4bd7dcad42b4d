/*
 * The two UARTs (Arm CMSDK APB UART, DDI0479 chapter 4): 0 is the user's serial port, 1 the doorbell to the board.
 */
#ifndef BC_UART_H
#define BC_UART_H

#include <stdbool.h>
#include <stdint.h>

/* Interrupt numbers. */
#define BC_UART0_RECEIVE 33
#define BC_UART0_SEND 34
#define BC_UART1_RECEIVE 35

/* Bytes the serial port holds for the program; more wait in the line. */
#define BC_SERIAL_RING 32768

/* Opens both. */
void bcUartsOpen(void);

/* Lets the serial port interrupt, or not: a record's instructions are counted without those of the line. */
void bcSerialListen(bool on);
/* Takes the bytes received, at most `length`; how many that were. */
uint32_t bcSerialTake(uint8_t *to, uint32_t length);
/* Whether no received byte waits; with interrupts off it stays so. */
bool bcSerialEmpty(void);
/* Sends; returns when the last byte has left. `idle` sleeps while it waits, called with interrupts off. */
void bcSerialSend(const uint8_t *bytes, uint32_t length, void (*idle)(void));

/* The next byte rung by the board, or −1. */
int bcDoorbellNext(void);
/* Rings. Everything written before is seen by the board before the byte. */
void bcDoorbellRing(uint8_t byte);

/* Interrupt handlers. */
void bcSerialReceived(void);
void bcSerialSent(void);
void bcDoorbellReceived(void);

#endif
