namespace Pneumothorax.Lab.Classroom.Coursework;

/// <summary>A view as a page offers it for pinning.</summary>
/// <param name="Address">Path and query that reopen exactly what is seen.</param>
/// <param name="Title">What is seen, such as "Test image 12, run 3: missed".</param>
/// <param name="Picture">Address of a small picture of it; null where there is none.</param>
public sealed record PinnedView(string Address, string Title, string? Picture = null);
