//! Journeys of people through the whole product.
