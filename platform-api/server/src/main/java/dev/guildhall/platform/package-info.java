/** The service that outsiders reach: webhooks, REST, sign-in, web pages. */
@NullMarked
package dev.guildhall.platform;

import org.jspecify.annotations.NullMarked;
