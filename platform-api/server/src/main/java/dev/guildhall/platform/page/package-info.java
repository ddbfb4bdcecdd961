/** The web pages: files of the web-ui, and the rules that browsers are given with them. */
@NullMarked
package dev.guildhall.platform.page;

import org.jspecify.annotations.NullMarked;
