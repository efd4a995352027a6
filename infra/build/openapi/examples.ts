/** One story in every form in which it may be sent, and as it comes back. A test sends them through the intake. */
export const copy = `Hải Phòng:

Phố đi bộ ven sông mở cửa đón khách từ cuối tuần này

05/10/2024, 08:30

Phố đi bộ ven sông mở cửa đón khách từ cuối tuần này - Sáng 5/10, thành phố đưa vào hoạt động tuyến phố đi bộ dài 1,2 km dọc bờ sông.

Trước mắt, phố mở cửa từ 18 giờ thứ Sáu đến 22 giờ Chủ nhật hằng tuần.

Hải An
`;

export const markdown = `---
kicker: "Hải Phòng:"
headline: Phố đi bộ ven sông mở cửa đón khách từ cuối tuần này
standfirst: Sáng 5/10, thành phố đưa vào hoạt động tuyến phố đi bộ dài 1,2 km dọc bờ sông.
publishedAt: 2024-10-05T08:30
bylines: [Hải An]
section: thoi-su
---

Trước mắt, phố mở cửa từ 18 giờ thứ Sáu đến 22 giờ Chủ nhật hằng tuần.
`;

export const html = `<h1>Phố đi bộ ven sông mở cửa đón khách từ cuối tuần này</h1>
<p>Trước mắt, phố mở cửa từ 18 giờ thứ Sáu đến 22 giờ Chủ nhật hằng tuần.</p>
`;

const fields = {
  kicker: "Hải Phòng:",
  headline: "Phố đi bộ ven sông mở cửa đón khách từ cuối tuần này",
  standfirst: "Sáng 5/10, thành phố đưa vào hoạt động tuyến phố đi bộ dài 1,2 km dọc bờ sông.",
  bylines: [{ name: "Hải An" }],
  section: "thoi-su",
  publishedAt: "2024-10-05T08:30:00+07:00",
};
const LAST = "Trước mắt, phố mở cửa từ 18 giờ thứ Sáu đến 22 giờ Chủ nhật hằng tuần.";

export const submission = {
  ...fields,
  tags: ["phố đi bộ"],
  body: { format: "text", content: LAST },
  status: "published",
};

const id = "01J9DPMVE0Q7W3K5ZC8X2TB4RN";
const path = "/thoi-su/pho-di-bo-ven-song-mo-cua-don-khach-tu-cuoi-tuan-nay-8x2tb4rn";
const url = `https://news.example${path}`;

export const summary = {
  id,
  status: "published",
  revision: 1,
  seq: 1,
  locale: "vi",
  ...fields,
  tags: ["phố đi bộ"],
  slug: "pho-di-bo-ven-song-mo-cua-don-khach-tu-cuoi-tuan-nay",
  url,
  publishedRevision: 1,
  createdAt: "2024-10-05T01:31:04.118Z",
  updatedAt: "2024-10-05T01:31:04.118Z",
  updatedBy: "Nguyễn Thị Lan",
  corrections: [],
  warnings: [],
};

export const article = {
  ...summary,
  body: [
    {
      _type: "block",
      style: "normal",
      markDefs: [],
      children: [{ _type: "span", text: LAST, marks: [] }],
    },
  ],
};

export const receipt = {
  state: "live",
  seq: 1,
  liveSeq: 1,
  url,
  acknowledgedAt: "2024-10-05T01:31:04.118Z",
  liveAt: "2024-10-05T01:31:04.391Z",
  doneAt: "2024-10-05T01:31:04.640Z",
  pictures: "ready",
  pages: [
    { path, at: "2024-10-05T01:31:04.391Z" },
    { path: "/", at: "2024-10-05T01:31:04.573Z" },
  ],
};

export const rejection = { note: "Thiếu nguồn cho con số 20.000 lượt khách." };
export const publication = { at: "2024-10-06T06:00:00+07:00" };
export const correction = {
  note: "Bản trước ghi nhầm chiều dài tuyến phố; đúng là 1,2 km.",
  patch: { standfirst: "Sáng 5/10, thành phố đưa vào hoạt động tuyến phố đi bộ dài 1,2 km dọc bờ sông." },
};
export const withdrawal = {
  mode: "notice",
  reason: "Nguồn tin rút lại lời kể, thư ngày 7/10.",
  notice: "Bài viết đã được gỡ vì không còn đủ căn cứ.",
};

export const upload = { filename: "pho-di-bo.jpg", contentType: "image/jpeg", bytes: 12_482_301 };
const picture = { id: "01J9DQ2K7M4V6RZ1T0XHB8N5CE", contentType: "image/jpeg", createdAt: "2024-10-05T01:29:40.502Z" };
export const newImage = {
  ...picture,
  state: "awaiting-upload",
  upload: {
    method: "POST",
    url: "https://media.example/",
    fields: {
      key: "upload/01J9DQ2K7M4V6RZ1T0XHB8N5CE",
      "Content-Type": "image/jpeg",
      Policy: "eyJ...",
      "X-Amz-Signature": "9f2c...",
    },
    expiresAt: "2024-10-05T01:44:40.502Z",
  },
};
export const image = {
  ...picture,
  state: "ready",
  width: 4032,
  height: 2688,
  alt: "Người đi bộ dưới hàng cây ven sông",
  caption: "Người dân dạo bước trên tuyến phố trong buổi sáng đầu tiên.",
  credit: "PV",
  takenAt: "2024-10-05T08:10:00",
  focalPoint: { x: 0.4, y: 0.3 },
};

export const site = {
  title: "Báo Hải Đăng",
  description: "Tin tức địa phương, cập nhật từng giờ.",
  baseUrl: "https://news.example",
  timeZone: "Asia/Ho_Chi_Minh",
  locale: "vi",
  imprint: ["Tổng biên tập: Trần Văn Bình"],
  webSub: { hub: "https://pubsubhubbub.appspot.com/" },
  indexNow: { key: "6f1d8c2b9a4e47d0b35c7e18f2a90d64", endpoint: "https://api.indexnow.org/indexnow" },
};
export const section = { slug: "thoi-su", title: "Thời sự" };
export const author = { slug: "hai-an", name: "Hải An", bio: "Phóng viên tại Hải Phòng." };

export const keyInput = { name: "Nguyễn Thị Lan", role: "editor", sections: ["thoi-su"] };
export const key = { id: "4fK9sQ2mXv7B", ...keyInput, createdAt: "2024-10-01T02:00:00.000Z" };
export const newKey = { ...key, token: "bs_4fK9sQ2mXv7B_n5Wc0YpT8eRu3LzQ6hVd1JkXo9SgMb4aFi2CtNw7EyU" };
