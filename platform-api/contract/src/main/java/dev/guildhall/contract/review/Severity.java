package dev.guildhall.contract.review;

import com.fasterxml.jackson.annotation.JsonProperty;

/** How much a finding matters, most severe first. */
public enum Severity {
    /** Wrong results, lost data, a security hole, a crash. */
    @JsonProperty("high")
    HIGH,
    /** Wrong in some cases, or a trap for the next change. */
    @JsonProperty("medium")
    MEDIUM,
    /** Worth a look. */
    @JsonProperty("low")
    LOW
}
