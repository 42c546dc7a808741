import Foundation

/// eˣ of the C library, whose last digit does not matter here.
func exponential(_ x: Double) -> Double { exp(x) }

/// xʸ of the C library, whose last digit does not matter here.
func power(_ x: Double, _ y: Double) -> Double { pow(x, y) }
