package dev.guildhall.platform.messaging;

import dev.guildhall.contract.event.GuildhallEvent;

/** @param id the event's {@code ce_id}: equal for every delivery of one event */
public record ReceivedEvent(String id, GuildhallEvent event) {}
