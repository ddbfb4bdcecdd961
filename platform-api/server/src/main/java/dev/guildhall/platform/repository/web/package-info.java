/** Repositories over REST. */
@NullMarked
package dev.guildhall.platform.repository.web;

import org.jspecify.annotations.NullMarked;
