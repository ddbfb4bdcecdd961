package dev.guildhall.inference.problem;

import java.io.IOException;

/** A body grew past the limit while it was read. */
class RequestTooLargeException extends IOException {

    RequestTooLargeException(long bytesMax) {
        super(("the request body is larger than %d bytes; send less, or raise"
                        + " guildhall.inference.request-size-max")
                .formatted(bytesMax));
    }
}
