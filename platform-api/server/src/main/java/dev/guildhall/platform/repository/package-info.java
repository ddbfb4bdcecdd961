/** Registered repositories with their webhook secret and the state of their index. */
@NullMarked
package dev.guildhall.platform.repository;

import org.jspecify.annotations.NullMarked;
