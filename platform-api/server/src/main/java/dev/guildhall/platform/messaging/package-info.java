/** Events to and from Kafka: written with an acknowledgement, read once. */
@NullMarked
package dev.guildhall.platform.messaging;

import org.jspecify.annotations.NullMarked;
