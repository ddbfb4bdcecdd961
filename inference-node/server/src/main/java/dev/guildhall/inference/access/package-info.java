/** Who may call this node: services with a token of the realm, and holders of an API key. */
@NullMarked
package dev.guildhall.inference.access;

import org.jspecify.annotations.NullMarked;
