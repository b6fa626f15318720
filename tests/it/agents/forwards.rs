//! Agents who pass on the mail of a customer.
