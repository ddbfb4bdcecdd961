/** What travels over Kafka: one record for each kind of fact, as JSON, only ever extended. */
@NullMarked
package dev.guildhall.contract.event;

import org.jspecify.annotations.NullMarked;
