/** Reading captured trees and recorded answers of tools. */
@NullMarked
package dev.scc.fabric.inventory;

import org.jspecify.annotations.NullMarked;
