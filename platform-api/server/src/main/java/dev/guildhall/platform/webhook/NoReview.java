package dev.guildhall.platform.webhook;

import com.fasterxml.jackson.annotation.JsonValue;

/** Why a delivery that was taken has no review. */
enum NoReview {
    PING("a ping changes nothing"),
    PUSH("a push is indexed, not reviewed"),
    DRAFT("the pull request is a draft: it is reviewed once it is ready"),
    CLOSED("the pull request is closed");

    private final String reason;

    NoReview(String reason) {
        this.reason = reason;
    }

    @JsonValue
    String reason() {
        return reason;
    }
}
