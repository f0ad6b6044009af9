using System.Globalization;
using Pneumothorax.Lab.Storage.Entities;

namespace Pneumothorax.Lab.Classroom.Progress;

/// <summary>Which part of the class a page shows: a course or a section, by its number in the address.</summary>
/// <param name="Courses">All of the lab.</param>
/// <param name="Sections">Those whose students are shown; null for everybody.</param>
/// <param name="Query">"course=2", "section=3", or empty.</param>
public sealed record ClassScope(IReadOnlyList<Course> Courses, IReadOnlyList<Section>? Sections, string Query)
{
    public static ClassScope Everybody { get; } = new([], null, "");

    /// <summary>There is more than one section, so that a page offers the choice.</summary>
    public bool HasChoice => Courses.Sum(course => course.Sections.Count) > 1;

    /// <summary>Those with their course's name where there is more than one.</summary>
    public IEnumerable<Section> Shown => Sections ?? Courses.SelectMany(course => course.Sections);

    public bool Holds(Member student) => Sections?.Any(section => section.Holds(student)) ?? true;

    /// <returns>"Vision 2026", or "Vision 2026, Tuesday" where the course has several sections.</returns>
    public string NameOf(Section section)
    {
        var course = Courses.First(course => course.Id == section.CourseId);
        return course.Sections.Count > 1 ? $"{course.Name}, {section.Name}" : course.Name;
    }

    /// <summary>An address within the class that keeps the choice.</summary>
    public string Keep(string address) => Query.Length == 0 ? address : $"{address}?{Query}";

    /// <summary>Without a choice, or with one that leads nowhere: the courses that are not over, or everybody where all are.</summary>
    public static ClassScope Of(IReadOnlyList<Course> courses, DateOnly today, int? course, int? section)
    {
        if (section is { } sectionId && courses.SelectMany(one => one.Sections).FirstOrDefault(one => one.Id == sectionId) is { } chosen)
            return new(courses, [chosen], string.Create(CultureInfo.InvariantCulture, $"section={sectionId}"));
        if (course is { } courseId && courses.FirstOrDefault(one => one.Id == courseId) is { } whole)
            return new(courses, whole.Sections, string.Create(CultureInfo.InvariantCulture, $"course={courseId}"));
        var current = courses.Where(one => one.StateOn(today) != CourseState.Over).ToList();
        return new(courses, current.Count > 0 && current.Count < courses.Count ? [.. current.SelectMany(one => one.Sections)] : null, "");
    }
}
