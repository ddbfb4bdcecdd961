/** Signed webhooks of forges, turned into events exactly when Kafka has them. */
@NullMarked
package dev.guildhall.platform.webhook;

import org.jspecify.annotations.NullMarked;
