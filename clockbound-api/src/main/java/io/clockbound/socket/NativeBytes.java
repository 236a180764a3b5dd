/* SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0 */
package io.clockbound.socket;

import java.nio.ByteBuffer;

/**
 * Memory outside the heap, for datagrams and names of sockets.
 *
 * @param bytes the memory, which lives as long as this buffer
 * @param address where it begins; 0 for sockets that do not need to know
 */
public record NativeBytes(ByteBuffer bytes, long address) {}
