using Microsoft.EntityFrameworkCore;
using Pneumothorax.Lab.Storage.Entities;

namespace Pneumothorax.Lab.Storage;

public static class CourseOfMember
{
    /// <returns>The course whose section a member is in; null where they are gone.</returns>
    public static async Task<Course?> CourseOfAsync(this LabDbContext db, int? memberId, CancellationToken cancellationToken)
    {
        var section = await db.Members.Where(member => member.Id == memberId).Select(member => member.SectionId).FirstOrDefaultAsync(cancellationToken);
        return await db.Sections.AsNoTracking().Where(row => section == null ? row.IsDefault : row.Id == section).Select(row => row.Course).FirstOrDefaultAsync(cancellationToken);
    }
}
