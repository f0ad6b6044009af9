using Pneumothorax.Lab.Storage.Entities;

namespace Pneumothorax.Lab.Classroom.SignIn;

public static class RoleText
{
    /// <returns>"student".</returns>
    public static string Word(this MemberRole role) => role switch
    {
        MemberRole.Student => "student",
        MemberRole.Assistant => "assistant",
        MemberRole.Instructor => "instructor",
        _ => throw new ArgumentOutOfRangeException(nameof(role), role, "No such role."),
    };
}
