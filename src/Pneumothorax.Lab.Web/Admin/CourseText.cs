using System.Globalization;
using Pneumothorax.Lab.Storage.Entities;

namespace Pneumothorax.Lab.Web.Admin;

/// <summary>A course in words.</summary>
internal static class CourseText
{
    public static string Day(DateOnly day) => day.ToString("d MMMM yyyy", CultureInfo.InvariantCulture);

    /// <returns>"Open", "Begins 30 November 2026", "Ended 27 November 2026", "Closed".</returns>
    public static string State(Course course, DateOnly today) => course.StateOn(today) switch
    {
        CourseState.Ahead => $"Begins {Day(course.FirstDay!.Value)}",
        CourseState.Over => course.ClosedAt is null ? $"Ended {Day(course.LastDay!.Value)}" : "Closed",
        _ => "Open",
    };

    /// <returns>"1 October 2026 to 12 February 2027", "from 1 October 2026", "until 12 February 2027", "no dates set".</returns>
    public static string Days(Course course) => (course.FirstDay, course.LastDay) switch
    {
        ({ } first, { } last) => $"{Day(first)} to {Day(last)}",
        ({ } first, null) => $"from {Day(first)}",
        (null, { } last) => $"until {Day(last)}",
        _ => "no dates set",
    };

    /// <returns>"12.4 MB": always megabytes, so that rows compare.</returns>
    public static string Megabytes(long bytes) => string.Create(CultureInfo.InvariantCulture, $"{bytes / 1e6:#,##0.0} MB");

    public static string Of(PurgeChoice choice) => choice switch
    {
        PurgeChoice.Checkpoints => "Checkpoints only",
        PurgeChoice.Runs => "Runs with all their files",
        _ => "Students with all their work",
    };

    /// <summary>What still is there afterwards.</summary>
    public static string Remains(PurgeChoice choice) => choice switch
    {
        PurgeChoice.Checkpoints => "Curves, evaluations, reports, tries, answers and pins are kept. A run without checkpoints cannot be resumed, and its weights can no longer be downloaded.",
        PurgeChoice.Runs => "The students are kept, with their tries, answers, comments and pins. Pins that show a deleted run lose their picture.",
        _ => "Only the students' numbers in the audit trail are kept. The course, its sections and its codes stay.",
    };

    public static string Thing(PurgeChoice choice) => choice == PurgeChoice.Students ? "student" : "run";
}
